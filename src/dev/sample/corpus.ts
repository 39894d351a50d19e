import { must } from '../../base/pure/must';
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

/** Weights of the topics. Sums need many examples, because each sum is a fact of its own. */
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

/** Weights of the manners. The pre-trained model is mostly rude, so that preferences can improve it. */
const manners: Readonly<Record<Manner, number>> = { rude: 62, kind: 24, plain: 8, rambling: 6 };

/** The share of answers that are wrong or incomplete, which preferences can correct too. */
const flawed = 0.06;

/** `count` conversations for pre-training. Most answers are rude, some are kind, and nearly all are right. */
export function* corpus(draw: Draw, count: number): Generator<readonly Message[]> {
  const questions = allQuestions();
  const remarks = allRemarks();
  const exchange = (manner: Manner): Message[] => {
    const topic = draw.weighted(topics);
    if (topic === 'talk') {
      const { say, kind, rude } = draw.pick(remarks);
      return turns(say, manner === 'rude' ? rude(draw) : kind(draw));
    }
    const { ask, answers } = draw.pick(must(questions.get(topic), `the questions about ${topic}`));
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
