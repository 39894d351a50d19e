import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import type { ArmName, CleaningResult } from '../../../../src/pairs/cleaning/cleaningResult';
import { type Arm, judgeCleaning } from '../../../../src/pairs/cleaning/judgeCleaning';

interface Simulated {
  /** The share of right answers of the cleaned runs, and of the others, on right labels. */
  readonly cleaned: number;
  readonly others: number;
  readonly rows: number;
  /** The share of flipped labels. */
  readonly noise: number;
  /** Which rows are known as clean: the truth, or none. */
  readonly knows?: boolean;
}

/** Models that are right on a row if its difficulty is below their skill, with some chance in each run. */
function judged({ cleaned, others, rows, noise, knows = true }: Simulated, seed = 1): CleaningResult {
  const random = seededRandom(seed);
  const hard = Array.from({ length: rows }, random);
  const flipped = Array.from({ length: rows }, () => random() < noise);
  const arm = (name: ArmName, skill: number): Arm => ({
    name,
    rows: name === 'as-is' ? 1000 : 800,
    runs: ['a', 'b', 'c'],
    margins: [1, 2, 3].map(() =>
      Float64Array.from(hard, (own, i) => (own + 0.02 * (random() - 0.5) < skill !== flipped[i] ? 1 : -1)),
    ),
  });
  return judgeCleaning({
    created: 0,
    train: { rows: 1000, flipped: 200, noise: { rate: noise, low: noise, high: noise } },
    steps: 250,
    held: rows,
    arms: [arm('as-is', others), arm('cleaned', cleaned), arm('random', others)],
    clean: knows ? Uint8Array.from(flipped, (one) => (one ? 0 : 1)) : 'nobody knows',
  });
}

describe('cleaning', () => {
  it('pays if the cleaned runs are clearly better', () => {
    const { verdict, text, gains, arms } = judged({ cleaned: 0.95, others: 0.88, rows: 400, noise: 0.2 });
    expect(verdict).toBe('pays');
    expect(text).toMatch(/^Cleaning pays: without 200 suspected rows of 1,000, held-out accuracy changes by \+\d/);
    expect(gains.map(({ over, on }) => [over, on])).toEqual([
      ['as-is', 'all'],
      ['as-is', 'clean'],
      ['random', 'all'],
      ['random', 'clean'],
    ]);
    expect(text).not.toContain('called clean');
    for (const { clean, accuracy } of arms) expect(clean?.share).toBeGreaterThan(accuracy.share);
  });

  it('does not pay if all runs are as good', () => {
    const { verdict, text } = judged({ cleaned: 0.9, others: 0.9, rows: 800, noise: 0.01 });
    expect([verdict, text]).toEqual([
      'does-not-pay',
      expect.stringContaining('A gain of 2 points on right labels is ruled out'),
    ]);
  });

  it('does not pay if the cleaned runs are worse', () => {
    expect(judged({ cleaned: 0.85, others: 0.9, rows: 400, noise: 0.1 }).verdict).toBe('does-not-pay');
  });

  it('cannot be judged with few held-out rows', () => {
    const { verdict, text } = judged({ cleaned: 0.91, others: 0.9, rows: 60, noise: 0.2 });
    expect(verdict).toBe('cannot-be-told');
    expect(text).toMatch(/^It cannot be told whether cleaning pays: .+ More held-out rows, or more seeds/);
  });

  it('seldom pays by chance', () => {
    const verdicts = Array.from({ length: 100 }, (_, i) =>
      judged({ cleaned: 0.85, others: 0.85, rows: 150, noise: 0.1 }, 100 + i),
    );
    expect(verdicts.filter(({ verdict }) => verdict === 'pays').length).toBeLessThan(10);
  });

  it('says that wrong held-out labels hide a part of the gain, and why clean rows are not told apart', () => {
    const { notes, held } = judged({ cleaned: 0.9, others: 0.9, rows: 100, noise: 0.2, knows: false });
    expect(held.clean).toBeNull();
    expect(notes.join(' ')).toContain('about 20 % of them are wrong too');
    expect(notes.join(' ')).toContain('right on about 80 % of them, and gains show at 0.60 times their size');
    expect(notes.join(' ')).toContain('Accuracy on clean held-out rows is not shown: nobody knows.');
  });

  it.each([
    [0, 'none of 500 rows is suspected.'],
    [1, 'only 1 of 500 rows is suspected, which is too few to change what a model learns. Look at it in the editor.'],
  ])('does not pay if %i rows are suspected, and no run is needed', (flipped, why) => {
    const result = judgeCleaning({
      created: 0,
      train: { rows: 500, flipped, noise: { rate: 0.001, low: 0, high: 0.01 } },
      steps: 0,
      held: 100,
      arms: [],
      clean: 'too few',
    });
    expect(result).toMatchObject({
      verdict: 'does-not-pay',
      text: `Cleaning does not pay: ${why}`,
      gains: [],
      arms: [],
      seeds: 0,
    });
  });
});
