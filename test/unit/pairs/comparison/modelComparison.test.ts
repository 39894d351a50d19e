import { describe, expect, it } from 'vitest';
import { duelText } from '../../../../src/pairs/comparison/duelText';
import { isFlip, ModelComparison } from '../../../../src/pairs/comparison/modelComparison';

const pairs = [
  { margins: [1, -1], slice: 'code' },
  { margins: [2, 3], slice: 'code' },
  { margins: [-1, 0], slice: 'chat' },
  { margins: [-0.5, 0.5], slice: null },
];

describe('a comparison of two models', () => {
  const comparison = new ModelComparison(['base', 'tuned']);
  for (const pair of pairs) comparison.add(pair);

  it('counts right pairs; a tie is not right', () => {
    const [base, tuned] = comparison.scores();
    expect(base).toMatchObject({ right: 2, ties: 0, meanMargin: 0.375, accuracy: { share: 0.5 } });
    expect(tuned).toMatchObject({ right: 2, ties: 1, meanMargin: 0.625 });
    // statsmodels.stats.proportion.proportion_confint(2, 4, method='wilson')
    expect(base?.accuracy.low).toBeCloseTo(0.15003899, 6);
    expect(base?.accuracy.high).toBeCloseTo(0.84996101, 6);
  });

  it('counts the same by slice, the largest first; a pair without a slice is in none', () => {
    expect(comparison.bySlice().map(({ slice, pairs, scores }) => [slice, pairs, scores.map((s) => s.right)])).toEqual([
      ['code', 2, [2, 1]],
      ['chat', 1, [0, 0]],
    ]);
  });

  it('counts who is right where the other is wrong', () => {
    expect(comparison.eachTwo()).toEqual([
      { first: 0, second: 1, bothRight: 1, onlyFirst: 1, onlySecond: 1, bothWrong: 1, p: 1 },
    ]);
  });
});

describe('a pair is a flip', () => {
  it.each([
    [[1, -1], true],
    [[1, 0], true],
    [[0, -1], false],
    [[1, 2, 0.1], false],
  ])('%j: %s', (margins, flips) => expect(isFlip(margins)).toBe(flips));
});

describe('McNemar’s test in words', () => {
  const duel = { first: 0, second: 1, bothRight: 50, bothWrong: 20 };
  const names = ['base', 'tuned'];

  it('names the better model if chance seldom explains the difference', () => {
    const text = duelText({ ...duel, onlyFirst: 3, onlySecond: 12, p: 0.03515625 }, names);
    expect(text).toContain('Only base is right on 3 pairs, only tuned on 12 pairs.');
    expect(text).toContain('in 3.5 % of such comparisons');
    expect(text).toMatch(/so tuned is better on these pairs\.$/);
  });

  it('names none if chance explains it', () => {
    const text = duelText({ ...duel, onlyFirst: 1, onlySecond: 2, p: 1 }, names);
    expect(text).toMatch(/100 % .* so these pairs do not tell which one is better\.$/);
  });

  it('says so if the models never differ', () => {
    expect(duelText({ ...duel, onlyFirst: 0, onlySecond: 0, p: 1 }, names)).toBe(
      'base and tuned are right on the same pairs.',
    );
  });
});
