import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { findSuspects, type FoundSuspects } from '../../../../src/pairs/suspects/findSuspects';
import type { Contradiction, RowSignals } from '../../../../src/pairs/suspects/signals';
import { auc, clarities, drawWith, measurements, shareOf, simulate } from './simulate';

const find = (rows: readonly RowSignals[], contradictions: readonly Contradiction[] = []): FoundSuspects =>
  findSuspects(rows, measurements, contradictions, []);

describe('the rate of flipped labels', () => {
  for (const [name, clarity] of Object.entries(clarities))
    for (const learned of [0, 0.5])
      it(`is near 0 for right labels, and the interval says so: ${name}, ${learned} learned`, () => {
        for (const seed of [1, 2, 3]) {
          const { noise } = find(simulate({ rows: 600, rate: 0, seed, clarity, learned }).rows);
          expect.soft(noise.rate, `seed ${seed}`).toBeLessThan(0.03);
          expect.soft(noise.low, `seed ${seed}`).toBeLessThan(0.01);
        }
      });

  for (const name of ['clear', 'normal'] as const)
    for (const rate of [0.05, 0.1, 0.2])
      it(`is within three points of ${rate} planted ones, and the interval holds it: ${name}`, () => {
        for (const seed of [4, 5]) {
          const { rows, flipped } = simulate({ rows: 1000, rate, seed, clarity: clarities[name], learned: 0.3 });
          const { noise } = find(rows);
          expect.soft(Math.abs(noise.rate - shareOf(flipped)), `seed ${seed}`).toBeLessThan(0.03);
          expect.soft(noise.low, `seed ${seed}`).toBeLessThan(shareOf(flipped));
          expect.soft(noise.high, `seed ${seed}`).toBeGreaterThan(shareOf(flipped));
        }
      });

  it('has a wide interval where margins hardly tell right labels from wrong ones', () => {
    const { rows } = simulate({ rows: 600, rate: 0.1, seed: 7, clarity: (draw) => 0.4 + draw.normal() });
    const { low, high } = find(rows).noise;
    expect(high - low).toBeGreaterThan(0.15);
  });

  it('is told for each value of a column that has rows enough', () => {
    const clean = simulate({ rows: 400, rate: 0, seed: 8, clarity: clarities.clear }).rows;
    const noisy = simulate({ rows: 400, rate: 0.3, seed: 9, clarity: clarities.clear });
    const rows = [
      ...clean.map((row) => ({ ...row, groups: ['anna', null] })),
      ...noisy.rows.map((row, i) => ({ ...row, groups: ['ben', i < 10 ? 'few' : null] })),
    ];
    const { groups } = findSuspects(rows, measurements, [], ['annotator', 'source']).noise;
    expect(groups.map(({ column, value, rows: count }) => [column, value, count])).toEqual([
      ['annotator', 'ben', 400],
      ['annotator', 'anna', 400],
    ]);
    expect(Math.abs(at(groups, 0).rate - shareOf(noisy.flipped))).toBeLessThan(0.03);
    expect(at(groups, 1).rate).toBeLessThan(0.02);
  });
});

describe('the probability of a flipped label', () => {
  it('is the share of flipped rows among those that have it', () => {
    const bins = [0.05, 0.25, 0.5, 0.75, 1].map((to) => ({ to, rows: 0, sum: 0, flipped: 0 }));
    for (let seed = 10; seed < 16; seed++) {
      const { rows, flipped } = simulate({ rows: 800, rate: 0.15, seed, clarity: clarities.normal, learned: 0.3 });
      for (const [i, { probability }] of find(rows).rows.entries()) {
        const bin = bins.find(({ to }) => probability <= to) ?? at(bins, bins.length - 1);
        bin.rows++;
        bin.sum += probability;
        if (at(flipped, i)) bin.flipped++;
      }
    }
    // A bin of 150 rows has a standard error of 0.04.
    for (const { to, rows, sum, flipped } of bins)
      expect.soft(Math.abs(sum / rows - flipped / rows), `up to ${to}, ${rows} rows`).toBeLessThan(0.15);
    const all = bins.reduce((total, { rows }) => total + rows, 0);
    const error = bins.reduce((total, { sum, flipped }) => total + Math.abs(sum - flipped), 0) / all;
    expect(error, 'expected calibration error').toBeLessThan(0.02);
  });

  it('orders rows as well as the margins do', () => {
    const { rows, flipped } = simulate({ rows: 800, rate: 0.1, seed: 30, clarity: clarities.normal });
    const found = find(rows).rows;
    const [byProbability, byMargin] = [found.map((one) => one.probability), found.map((one) => -one.margin)];
    expect(auc(byProbability, flipped)).toBeGreaterThan(auc(byMargin, flipped) - 0.001);
    expect(auc(byProbability, flipped)).toBeGreaterThan(0.97);
  });

  it('rises where a reliable score contradicts the label, and not where scores are random', () => {
    const { rows, flipped } = simulate({ rows: 800, rate: 0.1, seed: 31, clarity: clarities.normal });
    const draw = drawWith(32);
    const scored = (reliability: number): RowSignals[] =>
      rows.map((row, i) => ({
        ...row,
        scoreGap: (at(flipped, i) ? -1 : 1) * (draw.uniform() < reliability ? 1 : -1),
      }));
    const aucOf = (some: readonly RowSignals[]): number =>
      auc(
        find(some).rows.map((one) => one.probability),
        flipped,
      );
    expect(aucOf(scored(0.9))).toBeGreaterThan(aucOf(rows) + 0.005);
    expect(Math.abs(aucOf(scored(0.5)) - aucOf(rows))).toBeLessThan(0.005);
  });

  it('sums to 1 over two rows that contradict each other, and follows the majority of three', () => {
    const { rows } = simulate({ rows: 400, rate: 0.1, seed: 33, clarity: clarities.clear });
    const unsure = (row: RowSignals): RowSignals => ({ ...row, margins: row.margins.map(() => 0) });
    const some = rows.map((row, i) => (i < 5 ? unsure(row) : row));
    const found = find(some, [
      { better: [0], worse: [1] },
      { better: [2, 3], worse: [4] },
    ]).rows;
    expect(at(found, 0).probability + at(found, 1).probability).toBeCloseTo(1);
    expect(at(found, 0).probability).toBeCloseTo(0.5);
    expect(at(found, 2).probability).toBeLessThan(0.2);
    expect(at(found, 4).probability).toBeGreaterThan(0.8);
    expect(at(found, 4).reasons).toContain('lines 3, 4 have the same answers and prefer the other one');
  });
});

describe('a verdict', () => {
  const { rows } = simulate({ rows: 400, rate: 0.1, seed: 40, clarity: clarities.clear });
  const withMargins = (margins: readonly (number | null)[]): FoundSuspects['rows'][number] =>
    at(find(rows.map((row, i) => (i === 0 ? { ...row, margins } : row))).rows, 0);

  it('is flipped for margins far below 0, with the reason', () => {
    const { verdict, reasons } = withMargins([-0.9, -0.9, -0.9, -0.9]);
    expect(verdict).toBe('flipped');
    expect(at(reasons, 0)).toMatch(/^the margin is below 0 in 4 of 4 measurements \(mean −?-?\d/);
  });

  it('is a tie for small margins about whose sign runs disagree', () => {
    const { verdict, reasons } = withMargins([0.05, 0.04, -0.04, -0.03]);
    expect(verdict).toBe('tie');
    expect(reasons).toContain('runs with different seeds differ in the sign of the margin');
  });

  it('is clean for wide margins above 0, without reasons, also if one run did not score the row', () => {
    expect(withMargins([0.9, 0.9, null, null])).toMatchObject({ verdict: 'clean', reasons: [] });
  });
});
