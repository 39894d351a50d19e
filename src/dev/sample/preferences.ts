import type { Message } from '../../pairs/pair';
import { systemTurns } from './corpus';
import type { Draw } from './draw';
import { drawWrapping, wrap } from './manners';
import { allQuestions, type Answers, type Question, type Topic } from './questions';
import { allRemarks, type Remark } from './smallTalk';

/** A line of the sample, in TRL's conversational format with explicit prompts. */
export interface Preference {
  readonly prompt: readonly Message[];
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
}

/**
 * How the two answers of a pair differ. Substance is worth more than manners: a curt right answer beats a kind wrong
 * one.
 */
type Axis =
  'kindOverRude' | 'plainOverRude' | 'rightOverWrong' | 'substanceOverManners' | 'wholeOverPart' | 'briefOverRambling';

const axes: Readonly<Record<Axis, number>> = {
  kindOverRude: 50,
  plainOverRude: 12,
  rightOverWrong: 14,
  substanceOverManners: 5,
  wholeOverPart: 10,
  briefOverRambling: 9,
};

/** Weights for questions that ask for several things: most of their pairs compare a complete with a partial answer. */
const wholeAxes: Readonly<Record<Axis, number>> = { ...axes, kindOverRude: 20, wholeOverPart: 40 };

/** Pairs of each topic, in both files together. */
const perTopic: Readonly<Record<Topic, number>> = {
  colour: 128,
  sound: 26,
  legs: 32,
  home: 36,
  size: 112,
  capital: 46,
  sum: 138,
  list: 50,
  count: 34,
  spell: 26,
};

/** Clean pairs in random order. No two have the same user message. */
export function preferences(draw: Draw): Preference[] {
  const questions = [...allQuestions()].flatMap(([topic, list]) => draw.sample(list, perTopic[topic]));
  const about = questions.map((question) => questionPair(draw, question));
  return draw.shuffled([...about, ...allRemarks().map((remark) => remarkPair(draw, remark))]);
}

function questionPair(draw: Draw, { ask, answers }: Question): Preference {
  const given = answers(draw);
  const axis = draw.weighted(given.part ? wholeAxes : axes);
  const [chosen, rejected] = sides(draw, axis === 'wholeOverPart' && !given.part ? 'rightOverWrong' : axis, given);
  return pair(draw, ask, chosen, rejected);
}

function remarkPair(draw: Draw, { say, kind, rude }: Remark): Preference {
  return pair(draw, say, kind(draw), rude(draw));
}

function sides(draw: Draw, axis: Axis, { right, wrong, part }: Answers): [string, string] {
  const kind = drawWrapping(draw, 'kind');
  const other = (manner: 'plain' | 'rude' | 'rambling', answer = right): string =>
    wrap(drawWrapping(draw, manner), answer);
  switch (axis) {
    case 'kindOverRude':
      return [wrap(kind, right), other('rude')];
    case 'plainOverRude':
      return [other('plain'), other('rude')];
    case 'rightOverWrong':
      return [wrap(kind, right), wrap(kind, wrong)];
    case 'substanceOverManners':
      return [other('plain'), wrap(kind, wrong)];
    case 'wholeOverPart':
      return [wrap(kind, right), wrap(kind, part ?? wrong)];
    case 'briefOverRambling':
      return [wrap(kind, right), other('rambling')];
  }
}

function pair(draw: Draw, user: string, chosen: string, rejected: string): Preference {
  const system = draw.happens(0.12) ? [{ role: 'system', content: draw.pick(systemTurns) }] : [];
  const assistant = (content: string): Message[] => [{ role: 'assistant', content }];
  return {
    prompt: [...system, { role: 'user', content: user }],
    chosen: assistant(chosen),
    rejected: assistant(rejected),
  };
}
