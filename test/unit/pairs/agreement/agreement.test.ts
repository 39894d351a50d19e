import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { type Agreement, agreementOf } from '../../../../src/pairs/agreement/agreement';
import type { Label } from '../../../../src/pairs/agreement/ratings';
import { resampled } from '../../../../src/pairs/agreement/resample';

interface Golden {
  readonly cases: readonly {
    readonly name: string;
    readonly items: readonly (readonly (Label | null)[])[];
    readonly kappa: readonly { readonly none: number | null; readonly linear?: number; readonly quadratic?: number }[];
    readonly nominal: number | null;
    readonly ordinal?: number;
  }[];
}
const golden = JSON.parse(readFileSync('test/unit/pairs/agreement/recorded.json', 'utf8')) as Golden;
const noIntervals = { seed: 1, resamples: 0 };

function agreement(items: readonly (readonly (Label | null)[])[], options = noIntervals): Agreement {
  return agreementOf({ annotators: at(items, 0).map((_, i) => `a${i}`), items, order: null }, options);
}

describe('agreement', () => {
  for (const { name, items, kappa, nominal, ordinal } of golden.cases)
    it(`is that of scikit-learn and krippendorff: ${name}`, () => {
      const found = agreement(items);
      close(found.alpha.nominal.value, nominal);
      if (ordinal !== undefined) close(found.alpha.ordinal?.value ?? null, ordinal);
      for (const [i, pair] of found.pairs.entries()) {
        close(pair.kappa.value, at(kappa, i).none);
        if (ordinal !== undefined) close(pair.linear?.value ?? null, at(kappa, i).linear ?? null);
        if (ordinal !== undefined) close(pair.quadratic?.value ?? null, at(kappa, i).quadratic ?? null);
      }
    });

  it('counts equal labels, items with two labels and more, and those that are disputed', () => {
    const found = agreement([
      ['keep', 'keep'],
      ['keep', 'swap'],
      ['swap', null],
      [null, null],
    ]);
    expect(found).toMatchObject({ items: 4, compared: 2, disputed: 1, labels: ['keep', 'swap'] });
    expect(found.pairs).toMatchObject([
      {
        items: 2,
        raw: { value: 0.5 },
        confusion: [
          [1, 1],
          [0, 0],
        ],
        linear: null,
      },
    ]);
  });

  it('of labels with an order is weighted', () => {
    const order = ['swap', 'tie', 'keep'];
    const items = [
      ['keep', 'tie'],
      ['swap', 'swap'],
      ['keep', 'keep'],
      ['tie', 'keep'],
    ];
    const found = agreementOf({ annotators: ['a', 'b'], items, order }, noIntervals);
    expect(found.labels).toEqual(order);
    expect(found.pairs[0]?.linear?.value).toBeGreaterThan(found.pairs[0]?.kappa.value ?? 1);
  });

  it('of more labels than categories can be is refused', () => {
    const items = Array.from({ length: 300 }, (_, i) => [i / 7, i / 9]);
    expect(() => agreement(items)).toThrow('different labels (0, ');
  });
});

describe('the interval', () => {
  it('is the same for the same seed, and narrows as items are added', () => {
    const { items } = at(golden.cases, 1);
    const width = (rows: typeof items): number => {
      const [low, high] = agreement(rows, { seed: 42, resamples: 1000 }).pairs[0]?.kappa.interval ?? [0, 9];
      return high - low;
    };
    expect(width(items)).toBe(width(items));
    expect(width([...items, ...items, ...items, ...items]) / width(items)).toBeCloseTo(0.5, 1);
  });

  it('covers the true agreement in about 95 % of samples', () => {
    const seed = 8;
    const random = seededRandom(seed);
    let hits = 0;
    for (let sample = 0; sample < 60; sample++) {
      const items = Array.from({ length: 150 }, () => (random() < 0.7 ? same(random) : different(random)));
      const [low, high] = agreement(items, { seed: sample, resamples: 100 }).pairs[0]?.raw.interval ?? [9, 9];
      if (low <= 0.7 && 0.7 <= high) hits++;
    }
    expect(hits, `seed ${seed}`).toBeGreaterThanOrEqual(51);
  });

  it('of many items is drawn from the same distribution as of few', () => {
    const random = seededRandom(3);
    for (const counts of [
      [10, 30, 60],
      [1000, 3000, 6000],
      [5, 100_000, 400_000],
    ]) {
      const total = counts.reduce((sum, count) => sum + count, 0);
      const draws = Array.from({ length: 2000 }, () => resampled(counts, random));
      expect(draws.every((draw) => draw.reduce((sum, count) => sum + count, 0) === total)).toBe(true);
      for (const [i, count] of counts.entries()) {
        const mean = draws.reduce((sum, draw) => sum + at(draw, i), 0) / draws.length;
        const variance = draws.reduce((sum, draw) => sum + (at(draw, i) - mean) ** 2, 0) / draws.length;
        const expected = count * (1 - count / total);
        expect(Math.abs(mean - count)).toBeLessThan(5 * Math.sqrt(expected / draws.length));
        expect(variance / expected).toBeGreaterThan(0.85);
        expect(variance / expected).toBeLessThan(1.15);
      }
    }
  });
});

function same(random: () => number): number[] {
  const label = Math.floor(3 * random());
  return [label, label];
}

function different(random: () => number): number[] {
  const label = Math.floor(3 * random());
  return [label, (label + 1) % 3];
}

function close(value: number | null, expected: number | null): void {
  if (value === null || expected === null) expect(value).toBe(expected);
  else expect(Math.abs(value - expected)).toBeLessThan(1e-9);
}
