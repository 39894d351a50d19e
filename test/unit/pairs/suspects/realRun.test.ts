import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { findSuspects, type FoundSuspects } from '../../../../src/pairs/suspects/findSuspects';
import type { RowSignals } from '../../../../src/pairs/suspects/signals';
import { auc } from './simulate';

interface Recorded {
  readonly about: string;
  /** Rows, from 0. */
  readonly planted: readonly number[];
  /** [runs][rows] */
  readonly margins: readonly (readonly number[])[];
}

const recorded = JSON.parse(readFileSync('test/unit/pairs/suspects/smollm2.json', 'utf8')) as Recorded;
const planted = new Set(recorded.planted);
const rows = at(recorded.margins, 0).map((_, row): RowSignals => {
  const margins = recorded.margins.map((run) => at(run, row));
  return { row, line: row + 1, key: '', margins, baseGap: 0, scoreGap: null, groups: [] };
});

const flags = rows.map(({ row }) => planted.has(row));

function find(some: readonly RowSignals[]): FoundSuspects {
  const measurements = recorded.margins.map((_, i) => ({ run: `seed ${i + 1}`, step: 75 }));
  return findSuspects(some, measurements, [], []);
}

function aucOf({ rows: judged }: FoundSuspects): number {
  return auc(
    judged.map(({ probability }) => probability),
    flags,
  );
}

it('real margins give the rate that was planted, and flag planted rows', () => {
  const found = find(rows);
  const { rate, low, high } = found.noise;
  const share = planted.size / rows.length;
  // 300 rows tell the rate roughly, as the interval says.
  expect(Math.abs(rate - share)).toBeLessThan(0.05);
  expect(low).toBeLessThan(share);
  expect(high).toBeGreaterThan(share);
  expect(aucOf(found)).toBeGreaterThan(0.91);
  const flagged = found.rows.filter(({ verdict }) => verdict === 'flipped');
  expect(flagged.filter(({ row }) => planted.has(row)).length / flagged.length).toBeGreaterThan(0.85);
});

it('two runs with other seeds find planted rows better than one', () => {
  const both = aucOf(find(rows));
  for (const [i] of recorded.margins.entries()) {
    const alone = rows.map((row) => ({
      ...row,
      margins: row.margins.map((margin, run) => (run === i ? margin : null)),
    }));
    expect.soft(both, `run ${i + 1}`).toBeGreaterThan(aucOf(find(alone)));
  }
});

it('real margins of the rows that were not swapped give a rate near 0', () => {
  const { rate, low } = find(rows.filter(({ row }) => !planted.has(row))).noise;
  expect(rate).toBeLessThan(0.03);
  expect(low).toBeLessThan(0.005);
});
