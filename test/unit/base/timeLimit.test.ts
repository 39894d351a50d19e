import { describe, expect, it } from 'vitest';
import { TimeLimit } from '../../../src/base/node/timeLimit';

const milliseconds = 100;
const limit = (): TimeLimit => new TimeLimit(milliseconds, 'slow', 'This row takes too long.');

function busy(ms: number): number {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return ms;
}

describe('work on many items with one clock', () => {
  it('gives what each item returns or throws, in order', () => {
    const outcomes = limit().each([1, 2, 3], (n) => {
      if (n === 2) throw new Error('two');
      return 10 * n;
    });
    expect(outcomes).toEqual([{ value: 10 }, { error: new Error('two') }, { value: 30 }]);
  });

  it('runs the item again that the common clock stopped, with a clock of its own', () => {
    const seen: number[] = [];
    const outcomes = limit().each([1, 2, 3], (n) => {
      seen.push(n);
      if (n === 2 && seen.length === 2) busy(60_000);
      return n;
    });
    expect(outcomes).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
    expect(seen).toEqual([1, 2, 2, 3]);
  });

  it('refuses only the item that takes too long by itself, and after three of them tries no more', () => {
    const one = limit();
    const outcomes = one.each([1, 60_000, 2, 60_000, 60_000, 3], busy);
    expect(outcomes.map((outcome) => ('error' in outcome ? String(outcome.error) : outcome.value))).toEqual([
      1,
      expect.stringMatching(/not done after 0.1 s/),
      2,
      expect.stringMatching(/not done after 0.1 s/),
      expect.stringMatching(/not done after 0.1 s/),
      expect.stringMatching(/not tried again/),
    ]);
    expect(() => one.run(() => 1)).toThrow(/not tried again/);
  });
});

it('gives each item one outcome, also if the time is up just after the last one', () => {
  const ms = 4;
  for (let round = 0; round < 150; round++) {
    const limit = new TimeLimit(ms, 'slow', 'Slow.');
    const outcomes = limit.each([1, 2], (item) => {
      const end = performance.now() + (item === 1 ? 0 : ms - 0.4 + (round % 10) / 10);
      while (performance.now() < end);
      return item;
    });
    expect(outcomes.length).toBe(2);
  }
});
