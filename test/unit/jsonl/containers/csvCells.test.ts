import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { cellOf, cellsIn, csvRecord } from '../../../../src/jsonl/containers/csvCells';

const delimiters = [',', ';', '\t'] as const;
const pieces = ['"', '""', ',', ';', '\t', '\n', '\r\n', '\r', ' ', 'é', '😀', '\\', 'a', '\ufeff'];

function parsed(record: string): string[] | null {
  try {
    return at(parse(record, { relax_quotes: true, relax_column_count: true }), 0);
  } catch {
    return null;
  }
}

describe('the cells of a record', () => {
  it.each<[string, string[] | number]>([
    ['', ['']],
    ['a,b,', ['a', 'b', '']],
    ['"a ""b""","x,y",c', ['a "b"', 'x,y', 'c']],
    ['a 5" pipe,"", b', ['a 5" pipe', '', ' b']],
    ['"two\nlines"', ['two\nlines']],
    ['a,"b"c,d', 2],
    ['"open', ['open']],
  ])('of %j are %j', (record, cells) => {
    expect(cellsIn(record, ',')).toEqual(cells);
  });

  it('are written and read as csv-stringify and csv-parse do, for any texts', () => {
    const seed = Date.now();
    console.info(`seed ${seed}`);
    const next = seededRandom(seed);
    const some = (most: number): number => Math.floor(next() * most);
    const cell = (): string => Array.from({ length: some(5) }, () => at(pieces, some(pieces.length))).join('');
    for (let i = 0; i < 3000; i++) {
      const cells = Array.from({ length: 1 + some(4) }, cell);
      const delimiter = at(delimiters, some(3));
      const quoted = next() < 0.3;
      const record = csvRecord(cells, delimiter, quoted);
      expect(record).toBe(stringify([cells], { delimiter, quoted, quoted_empty: quoted || cells.length === 1 }));
      expect(cellsIn(record.slice(0, -1), delimiter)).toEqual(cells);
    }
  });

  it('are read as csv-parse does from records that other programs wrote', () => {
    const seed = Date.now();
    console.info(`seed ${seed}`);
    const next = seededRandom(seed);
    const some = (most: number): number => Math.floor(next() * most);
    const oneLine = pieces.filter((piece) => !/[\r\n]/.test(piece));
    let read = 0;
    for (let i = 0; i < 3000; i++) {
      const record = `x${Array.from({ length: some(8) }, () => at(oneLine, some(oneLine.length))).join('')}`;
      const cells = cellsIn(record, ',');
      const expected = parsed(record);
      // Records that continue after a closing quote, or do not close one, are refused before.
      if (typeof cells === 'number' || expected === null) continue;
      read++;
      expect(cells).toEqual(expected);
    }
    expect(read).toBeGreaterThan(500);
  });
});

it('a cell is a text as it is, null as nothing, and another value as JSON', () => {
  expect(['a', null, undefined, 1.5, [true]].map(cellOf)).toEqual(['a', '', '', '1.5', '[true]']);
});
