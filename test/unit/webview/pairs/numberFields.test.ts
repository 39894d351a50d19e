import { describe, expect, it } from 'vitest';
import {
  boundsOf,
  closed,
  isSameFilter,
  rangeTerm,
  withChoice,
  withoutNumber,
  withRanges,
} from '../../../../webview/runPanel/pairs/numberFields';

const all = { low: null, high: null, isBelow: false };

describe('a range as a filter', () => {
  it('is written as a person would type it', () => {
    expect(rangeTerm('margin', closed({ low: -1.2, high: -0.4 }))).toBe('margin:-1.2..-0.4');
    expect(rangeTerm('chosen', { ...all, low: 0.5 })).toBe('reward(chosen):>=0.5');
    expect(rangeTerm('margin', { ...all, high: 0, isBelow: true })).toBe('margin:<0');
    expect(rangeTerm('margin', { low: -1, high: 0, isBelow: true })).toBe('margin:>=-1 margin:<0');
    expect(rangeTerm('margin', all)).toBe('');
  });

  it('replaces an earlier range of the same number, and keeps the rest of the filter', () => {
    const first = withRanges('line:10..90', [['margin', closed({ low: -1.2, high: -0.4 })]]);
    expect(first).toBe('line:10..90 margin:-1.2..-0.4');
    expect(withRanges(first, [['margin', { ...all, high: 0, isBelow: true }]])).toBe('line:10..90 margin:<0');
    expect(withRanges(first, [['margin', all]])).toBe('line:10..90');
    expect(withRanges('margin:<0', [['margin', all]])).toBe('');
  });

  it('sets both numbers of a rectangle', () => {
    const area = [
      ['margin', closed({ low: -1, high: 0.5 })],
      ['chosen', closed({ low: 2, high: 3 })],
    ] as const;
    expect(withRanges('margin:<0', area)).toBe('margin:-1..0.5 reward(chosen):2..3');
  });

  it('keeps the meaning of a filter with or', () => {
    expect(withRanges('line:1 or line:2', [['margin', { ...all, low: 0 }]])).toBe('(line:1 or line:2) margin:>=0');
    expect(withRanges('margin:<0 or line:2', [['margin', all]])).toBe('(margin:<0 or line:2)');
  });

  it('is found again in a filter', () => {
    expect(boundsOf('line:3 margin:-1.2..-0.4', 'margin')).toEqual({ low: -1.2, high: -0.4, isBelow: false });
    expect(boundsOf('margin:<0', 'margin')).toEqual({ low: null, high: 0, isBelow: true });
    expect(boundsOf('margin:<0 or line:3', 'margin')).toBeNull();
    expect(boundsOf('', 'margin')).toBeNull();
  });
});

describe('a column of the dataset in a filter', () => {
  it('is written, replaced and found again like a number of the run, whatever its name', () => {
    for (const name of ['.score', '.meta.stars', '."my score"', '."a.b"'] as const) {
      const filter = withRanges('margin:<0', [[name, closed({ low: -1.5, high: 2 })]]);
      expect(filter).toBe(`margin:<0 ${name}:-1.5..2`);
      expect(boundsOf(filter, name)).toEqual({ low: -1.5, high: 2, isBelow: false });
      const below = withRanges(filter, [[name, { low: 1, high: 2, isBelow: true }]]);
      expect(boundsOf(below, name)).toEqual({ low: 1, high: 2, isBelow: true });
      expect(isSameFilter(withRanges(below, [[name, all]]), 'margin:<0')).toBe(true);
    }
  });

  it('leaves the filter with the pairs that have no number there', () => {
    expect(withoutNumber('margin:<0 not .score = .score', '.score')).toBe('margin < 0');
    expect(withoutNumber('margin:<0 .score:3', '.score')).toBe('margin < 0');
    expect(withoutNumber('not .stars = .stars', '.score')).toBe('not .stars = .stars');
  });

  it('makes filters that are written differently the same', () => {
    expect(isSameFilter('.score:>=1 .score:<2', '.score >= 1 .score < 2')).toBe(true);
    expect(isSameFilter('.score:>=1', '.score:>1')).toBe(false);
  });
});

describe('a choice as a filter', () => {
  it('replaces an earlier choice of the same field', () => {
    expect(withChoice('margin:<0 severity:error', 'severity', 'severity:info')).toBe('margin < 0 severity:info');
    expect(withChoice('severity:error', 'severity', '')).toBe('');
  });
});
