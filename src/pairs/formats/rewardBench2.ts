import type { JsonObject } from '../json';
import { at } from '../../base/pure/must';
import type { PairRule } from '../pairRule';
import { problem } from '../problem';
import type { AnswersPart } from './answersPart';
import { turnsOf, withTurns } from './answerTurns';
import { listFormat } from './listFormat';
import { messages, oneOf, text } from './parts';

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');

function textsOf(value: JsonObject, key: 'chosen' | 'rejected'): readonly string[] {
  const texts = value[key];
  return isTexts(texts) ? texts : [];
}

/** Right answers under `chosen` have the value 1, wrong ones under `rejected` 0. A value cannot be edited. */
const rightAndWrong: AnswersPart = {
  keys: ['chosen', 'rejected', 'num_correct'],
  // Lists of texts alone may mean anything.
  fits: (value) => isTexts(value['chosen']) && isTexts(value['rejected']) && typeof value['num_correct'] === 'number',
  refuse: (value) => {
    const right = textsOf(value, 'chosen').length;
    const count = value['num_correct'];
    if (right === count) return null;
    const message = `"chosen" has ${right} answers, but "num_correct" is ${String(count)}: make them agree.`;
    return problem('error', 'list-lengths', 'num_correct', message);
  },
  read: (value) => {
    const models = value['models'];
    const all = [
      ...textsOf(value, 'chosen').map((answer) => ({ answer, right: 1 })),
      ...textsOf(value, 'rejected').map((answer) => ({ answer, right: 0 })),
    ];
    const modelAt = (index: number): string | null => {
      const name: unknown = Array.isArray(models) && models.length === all.length ? models[index] : null;
      return typeof name === 'string' ? name : null;
    };
    const answers = all.map(({ answer, right }, i) => ({
      turns: turnsOf(answer) ?? [],
      value: right,
      model: modelAt(i),
    }));
    return { answers, key: 'chosen', measure: 'correct', best: 'highest' };
  },
  write: (value, answers) => {
    const chosen = textsOf(value, 'chosen');
    const written = (texts: readonly string[], from: number): unknown[] =>
      texts.map((before, i) => withTurns(before, at(answers, from + i).turns));
    return {
      ...value,
      chosen: written(chosen, 0),
      rejected: written(textsOf(value, 'rejected'), chosen.length),
    };
  },
};

/** Each answer in a pair with the first right one; other right ones are ties with it. Its scores need all answers. */
const allAnswers: PairRule = { name: 'best-all', gap: 1, ties: 'keep' };

/**
 * `{"prompt": "2 + 2?", "chosen": ["4"], "rejected": ["5", "3", "22"], "num_correct": 1}`: RewardBench 2, where a right
 * answer stands beside three wrong ones. In the subset `Ties` several answers may be right.
 *
 * Malik et al. 2025, "RewardBench 2", arXiv:2506.01937.
 */
export const rewardBench2 = listFormat({
  id: 'rewardbench-2',
  label: 'prompt, chosen [texts], rejected [texts], num_correct (RewardBench 2)',
  tool: 'RewardBench 2',
  link: 'https://huggingface.co/datasets/allenai/reward-bench-2',
  about: ['num_rejected', 'total_completions', 'models', 'subset', 'additional_metadata', 'id'],
  prompt: [oneOf(text('prompt', 'user'), messages('prompt', 'user'))],
  answers: rightAndWrong,
  rule: allAnswers,
});
