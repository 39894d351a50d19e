import { describe, expect, it } from 'vitest';
import { agreementOf } from '../../../../src/pairs/agreement/agreement';
import { agreementSentence, figureText } from '../../../../src/pairs/agreement/agreementWords';
import type { Label } from '../../../../src/pairs/agreement/ratings';

const say = (items: readonly (readonly (Label | null)[])[]): string => {
  const annotators = (items[0] ?? []).map((_, i) => `a${i}`);
  return agreementSentence(agreementOf({ annotators, items, order: null }, { seed: 1, resamples: 0 }));
};
const times = (count: number, labels: readonly (Label | null)[]): (readonly (Label | null)[])[] =>
  Array.from({ length: count }, () => labels);

describe('agreement in words', () => {
  it('names the share, the strength beyond chance, and what the labels are good for', () => {
    const some = [...times(40, ['x', 'x']), ...times(40, ['y', 'y']), ...times(20, ['x', 'y'])];
    expect(say(some)).toBe(
      'Both annotators gave the same label to 80 of 100 rows with two labels (80 %). Beyond chance, the agreement is ' +
        'substantial: Cohen’s κ 0.615. Labels with α below 0.667 are too unreliable to build on: decide the disputed rows first.',
    );
    expect(say([...times(5, ['x', 'x', 'x']), ...times(5, ['y', 'y', 'y'])])).toContain(
      'almost perfect: Krippendorff’s α 1.000. Labels with α of 0.8 or more are reliable.',
    );
  });

  it('says when agreement is what chance gives, not defined, or cannot be measured', () => {
    expect(say([...times(5, ['x', 'y']), ...times(5, ['y', 'x'])])).toContain(
      'no better than chance: Cohen’s κ −1.000',
    );
    expect(say(times(4, ['x', 'x']))).toContain('κ and α are not defined');
    expect(say(times(4, ['x', null]))).toBe('No row has the labels of two annotators.');
    expect(say([['x', 'y']])).toMatch(/^Both annotators did not give the same label to the only row with two labels\./);
  });

  it('writes a figure with its interval, and never minus zero', () => {
    expect(figureText({ value: 0.4123, interval: [-0.0001, 0.5] })).toBe('0.412 (0.000 to 0.500)');
    expect(figureText({ value: null, interval: null })).toBe('not defined');
  });
});
