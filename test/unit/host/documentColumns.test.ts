import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { columnsOf } from '../../../src/host/pairEditor/pageWork';
import { at } from '../../../src/base/pure/must';
import { DocumentColumns } from '../../../src/host/pairEditor/documentColumns';
import { RowColumns } from '../../../src/editor/rowColumns';
import { ColumnStore } from '../../../src/jsonl/node/columns/columnStore';
import { ColumnsHere, type PageColumns } from '../../../src/jsonl/node/columns/pageColumns';
import { LinesDocument } from '../../../src/jsonl/node/document';
import type { Column } from '../../../src/pairs/query/column';
import { parseQuery } from '../../../src/pairs/query/parseQuery';
import { planOf } from '../../../src/pairs/query/queryPlan';
import { detectAll } from '../../../src/pairs/reading';
import { temporaryFolder } from '../jsonl/temporaryFolder';

const folder = temporaryFolder();
const file = join(folder, 'rows.jsonl');
const columnFolder = join(folder, 'columns');
const program = join(folder, 'program.js');
const warned: string[] = [];
/** More than a block of checksums. */
const rowCount = 300;
const line = (i: number, chosen = 'y'.repeat(i % 50)): string =>
  `${JSON.stringify({ prompt: `Question ${i}?`, chosen, rejected: 'No.', model: ['a', 'b', 'c'][i % 3], n: i % 7 })}\n`;
const content = Array.from({ length: rowCount }, (_, i) => line(i)).join('');
const wanted: readonly Column[] = planOf(parseQuery('len(chosen)>3 model:a chosen:/yy/ .n>2')).columns;

beforeEach(() => {
  rmSync(columnFolder, { recursive: true, force: true });
  writeFileSync(program, 'one');
  warned.length = 0;
});

interface Computed {
  readonly values: readonly unknown[];
  /** How many rows were not taken from the store. */
  readonly asked: number;
}

/** Opens the file as the editor does, and computes columns of all rows. */
async function computed(maxBytes = 1 << 20, edited = false): Promise<Computed> {
  const limits = { minFileBytes: 10, maxBytes, maxLabels: 10 };
  const store = new ColumnStore(columnFolder, program, (message) => warned.push(message), limits);
  const lines = await LinesDocument.open(file);
  await lines.whenIndexed();
  if (edited) lines.applyEdit({ op: 'delete', row: 0, lines: [line(0).trim()] });
  const here = new ColumnsHere();
  let asked = 0;
  const pages: PageColumns = {
    compute: async (of, page, what) => {
      const found = await here.compute(of, page, what);
      for (const { rows } of found.parts) asked += rows.length;
      return found;
    },
  };
  const stored = new DocumentColumns(lines, () => detectAll, store);
  const columns = new RowColumns(lines, () => detectAll, columnsOf(lines, pages), null, stored);
  const rows = Array.from({ length: lines.rowCount }, (_, row) => row);
  for (let from = 0; from < rows.length;) from += await columns.compute(rows.slice(from), wanted);
  await stored.written;
  const values = wanted.map((column) => {
    const held = columns.get(column);
    return rows.map((row) => held.number(row) ?? held.labels(row) ?? held.match(row));
  });
  columns.close();
  await lines.close();
  return { values, asked };
}

describe('the columns of a file that is opened again', () => {
  it('are those of the first time, and no row is computed again', async () => {
    writeFileSync(file, content);
    const first = await computed();
    expect(first.asked).toBe(rowCount);
    expect(readdirSync(columnFolder)).toHaveLength(wanted.length);
    expect(await computed()).toEqual({ ...first, asked: 0 });
    expect(warned).toEqual([]);
  });

  it('are computed for the rows that were appended, and for those beside them', async () => {
    writeFileSync(file, content);
    await computed();
    appendFileSync(file, line(rowCount));
    const { asked, values } = await computed();
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(rowCount);
    expect((await computed()).asked).toBe(0);
    rmSync(columnFolder, { recursive: true });
    expect((await computed()).values).toEqual(values);
  });

  it('are computed again where other bytes stand in the file, also as many', async () => {
    writeFileSync(file, content);
    await computed();
    writeFileSync(file, content.replace('Question 7?', 'Question 8?'));
    expect((await computed()).asked).toBe(rowCount);
    writeFileSync(file, content.slice(0, content.lastIndexOf('\n', content.length - 2) + 1));
    expect((await computed()).asked).toBe(rowCount - 1);
  });

  it('are computed again if a byte of what was stored is lost or changed, and by another program', async () => {
    writeFileSync(file, content);
    const first = await computed();
    const [name = ''] = readdirSync(columnFolder);
    const bytes = readFileSync(join(columnFolder, name));
    for (const damaged of [bytes.subarray(0, -1), bytes.with(bytes.length >> 1, at(bytes, bytes.length >> 1) ^ 1)]) {
      warned.length = 0;
      writeFileSync(join(columnFolder, name), damaged);
      expect(await computed()).toEqual({ ...first, asked: rowCount });
      expect(warned).toEqual([expect.stringContaining('its checksum is wrong')]);
    }
    expect((await computed()).asked).toBe(0);
    writeFileSync(program, 'another');
    expect((await computed()).asked).toBe(rowCount);
  });

  it('are neither taken from the store nor put there while the document has edits', async () => {
    writeFileSync(file, content);
    expect((await computed(1 << 20, true)).asked).toBe(rowCount - 1);
    expect((await computed()).asked).toBe(rowCount);
    expect((await computed(1 << 20, true)).asked).toBe(rowCount - 1);
  });

  it('take no more room than allowed: those that were not used for longest are removed', async () => {
    writeFileSync(file, content);
    await computed(4000);
    const kept = readdirSync(columnFolder);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(wanted.length);
  });
});
