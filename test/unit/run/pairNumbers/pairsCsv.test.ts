import { describe, expect, it } from 'vitest';
import { dynamicsOf } from '../../../../src/run/pairNumbers/pairTexts';
import { pairsCsv } from '../../../../src/run/pairNumbers/pairsCsv';
import { StepNumbers } from '../../../../src/run/pairNumbers/stepNumbers';
import { ColumnsBuilder } from '../../../../src/run/rewardColumns/columnsBuilder';
import { noSlices } from '../../../../src/run/rewardColumns/eachReward';
import { rewardLine } from '../rewardLines';

function numbersOf(margins: readonly number[]): StepNumbers {
  const builder = new ColumnsBuilder();
  margins.forEach((margin, row) => builder.add(rewardLine(row, margin), 'test'));
  const shown = builder.finish();
  return new StepNumbers(
    shown,
    null,
    () => noSlices,
    () => dynamicsOf(shown, [], noSlices),
  );
}

describe('pairs as CSV', () => {
  it('have a line each in the given order, with the numbers that one of them has, and the key', async () => {
    const csv = await pairsCsv(numbersOf([0.25, -1.5, 3]), Int32Array.of(1, 0), noSlices);
    const [head = '', ...lines] = csv.split('\r\n');
    const names = head.split(',');
    expect(names).toContain('rejectedLogpToken');
    expect(names).not.toContain('before');
    expect(names.at(-1)).toBe('key');
    const values = lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
    expect(values.map(({ line, margin, rank }) => [line, margin, rank])).toEqual([
      ['2', '-1.5', '1'],
      ['1', '0.25', '2'],
      ['', undefined, undefined],
    ]);
    expect(values[0]?.['key']).toBe(rewardLine(1, 0).key);
  });

  it('is only a head without pairs', async () => {
    expect(await pairsCsv(numbersOf([1]), new Int32Array(0), noSlices)).toBe('key\r\n');
  });
});
