import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { rewardBench2Scores, type ValuedPrompt } from '../../../../src/pairs/comparison/rewardBench2';

interface Recorded {
  readonly values: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const golden = 'test/golden/rewardbench/second';
const recorded = JSON.parse(readFileSync(`${golden}.json`, 'utf8')) as Recorded;
const rows = readFileSync(`${golden}.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { subset: string; id: string; num_correct: number });

const prompt = (values: readonly number[], more: Partial<ValuedPrompt> = {}): ValuedPrompt => ({
  subset: 'Math',
  id: '1',
  correct: 1,
  values,
  ...more,
});
const scoreOf = (prompts: readonly ValuedPrompt[]): number => at(rewardBench2Scores(prompts), 0).score;

describe("RewardBench 2's scores", () => {
  it.each(Object.keys(recorded.values))('are those of the package rewardbench, of the model %s', (model) => {
    const values = recorded.values[model] ?? [];
    const prompts = rows.map(({ subset, id, num_correct: correct }, i) => ({
      subset,
      id,
      correct,
      values: at(values, i),
    }));
    const scores = rewardBench2Scores(prompts);
    const expected = recorded.scores[model] ?? {};
    const subsets = scores.slice(0, -1);
    expect(subsets.map(({ section }) => section)).toEqual([
      'Factuality',
      'Precise IF',
      'Math',
      'Safety',
      'Focus',
      'Ties',
    ]);
    for (const { section, score } of subsets) expect(score, section).toBeCloseTo(expected[section] ?? NaN, 12);
    const sum = Object.values(expected).reduce((total, score) => total + score, 0);
    expect(scores.at(-1)).toMatchObject({ section: 'Mean of the subsets', missing: [] });
    expect(scores.at(-1)?.score).toBeCloseTo(sum / 6, 12);
  });

  it('share a point among answers that are equally good', () => {
    expect(scoreOf([prompt([1, 1, 0, 0])])).toBe(0.5);
    expect(scoreOf([prompt([1, 2, 0, 0])])).toBe(0);
    expect(scoreOf([prompt([1, 1, 1, 1]), prompt([1, 0, 0, 0])])).toBe(0.625);
  });

  it('name the subsets that a file lacks', () => {
    expect(rewardBench2Scores([prompt([1, 0])]).at(-1)?.missing).toEqual([
      'Factuality',
      'Precise IF',
      'Safety',
      'Focus',
      'Ties',
    ]);
  });

  it('of ties reward right answers that differ less from each other than from wrong ones', () => {
    const ties = (right: readonly number[]): number =>
      scoreOf([
        prompt([3, 0, 0], { subset: 'Ties', id: 'ref:1' }),
        prompt([...right, 0, 0], { subset: 'Ties', id: 'tied:1', correct: right.length }),
      ]);
    expect(ties([3, 2.9])).toBeCloseTo(1.01, 5);
    expect(ties([9, 1])).toBeLessThan(0.61);
    expect(ties([3, -1])).toBeLessThan(0.31);
    // Equal right answers: the ratio of the margins has no value, and adds nothing.
    expect(ties([3, 3])).toBe(1);
  });

  it('of ties are refused without the ids that join a prompt with its reference', () => {
    const tie =
      (id: string | null): (() => unknown) =>
      () =>
        scoreOf([prompt([1, 0], { subset: 'Ties', id })]);
    expect(tie(null)).toThrow('has no id: RewardBench 2 needs ref:N or tied:N');
    expect(tie('other:1')).toThrow('has the id "other:1"');
    const single = ['ref:1', 'tied:1'].map((id) => prompt([1, 0], { subset: 'Ties', id }));
    expect(() => scoreOf(single)).toThrow('two right answers');
  });
});
