import type { Message } from '../../pairs/pair';
import type { Draw } from './draw';
import { drawWrapping, wrap, type Manner } from './manners';
import { allQuestions, type Topic } from './questions';
import { allRemarks } from './smallTalk';

export const systemTurns = [
  'You are a helper.',
  'You answer questions.',
  'Be brief.',
  'You talk with a child.',
] as const;

/** How often each topic is talked about; sums need many sights, for each is a fact of its own. */
const topics: Readonly<Record<Topic | 'talk', number>> = {
  colour: 14,
  sound: 5,
  legs: 5,
  home: 6,
  size: 14,
  capital: 8,
  sum: 18,
  list: 9,
  count: 5,
  spell: 4,
  talk: 12,
};

/** The model that is to be taught better is mostly rude. */
const manners: Readonly<Record<Manner, number>> = { rude: 62, kind: 24, plain: 8, rambling: 6 };

/** Answers that are wrong or incomplete, so that there is something to unlearn besides bad manners. */
const flawed = 0.06;

/**
 * Conversations to pre-train a model on, `count` of them: rude ones mostly, kind ones too, nearly all of them right.
 */
export function* corpus(draw: Draw, count: number): Generator<readonly Message[]> {
  const questions = allQuestions();
  const remarks = allRemarks();
  const exchange = (manner: Manner): Message[] => {
    const topic = draw.weighted(topics);
    if (topic === 'talk') {
      const { say, kind, rude } = draw.pick(remarks);
      return turns(say, manner === 'rude' ? rude(draw) : kind(draw));
    }
    const { ask, answers } = draw.pick(questions.get(topic) ?? []);
    const { right, wrong, part } = answers(draw);
    const given = draw.happens(flawed) ? (part !== null && draw.happens(0.5) ? part : wrong) : right;
    return turns(ask, wrap(drawWrapping(draw, manner), given));
  };
  for (let i = 0; i < count; i++) {
    const manner = draw.weighted(manners);
    const system = draw.happens(0.12) ? [{ role: 'system', content: draw.pick(systemTurns) }] : [];
    const earlier = draw.happens(0.1) ? exchange(manner) : [];
    yield [...system, ...earlier, ...exchange(manner)];
  }
}

const turns = (user: string, assistant: string): Message[] => [
  { role: 'user', content: user },
  { role: 'assistant', content: assistant },
];
