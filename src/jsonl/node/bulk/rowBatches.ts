import { at } from '../../../base/pure/must';
import type { LinesDocument } from '../document';
import type { PageSearch } from '../search/pageSearch';
import { searchPlan } from '../search/searchPlan';
import type { RowTexts } from './rowChanges';

/** The most bytes and rows of a batch. */
const batchBytes = 1 << 20;
const batchRows = 1 << 11;
/** The most rows that one search for a word looks through, because it reads bytes and makes no texts. */
const searchedRows = 1 << 16;

/** Rows that were read, and how many rows are finished once these are. */
export interface RowBatch extends RowTexts {
  readonly done: number;
}

/**
 * Reads all rows of a document, or those that have a word, in batches.
 *
 * @param word in lower case; null for all rows
 * @throws MarginError as `LinesDocument.lines`
 */
export async function* everyBatch(
  lines: LinesDocument,
  pages: PageSearch,
  word: string | null,
): AsyncGenerator<RowBatch> {
  for (let from = 0; from < lines.rowCount;) {
    const most = Math.min(word === null ? batchRows : searchedRows, lines.rowCount - from);
    if (word === null) {
      const rows = await fitting(lines, from, most);
      yield { ...(await read(lines, rows)), done: from + rows.length };
      from += rows.length;
      continue;
    }
    const found = await lines.read(from, most, (source, page) => pages.search(source.lines, page, [word]));
    const start = from;
    from += found.count;
    for await (const batch of someBatches(
      lines,
      Array.from(found.rows, (row) => start + row),
    ))
      yield { ...batch, done: start };
    yield { rows: [], texts: [], done: from };
  }
}

/** Reads some rows in batches. @param rows ascending */
export async function* someBatches(lines: LinesDocument, rows: readonly number[]): AsyncGenerator<RowBatch> {
  for (let i = 0; i < rows.length;) {
    const batch: { rows: number[]; texts: string[] } = { rows: [], texts: [] };
    let size = 0;
    while (i < rows.length && batch.rows.length < batchRows && size < batchBytes) {
      const run = runFrom(rows, i, batchRows - batch.rows.length);
      const part = await read(lines, await fitting(lines, run.from, run.count));
      for (const text of part.texts) size += text.length;
      batch.rows.push(...part.rows);
      batch.texts.push(...part.texts);
      i += part.rows.length;
    }
    yield { ...batch, done: i };
  }
}

/** The run of consecutive rows that begins at an index of the list. */
function runFrom(rows: readonly number[], start: number, most: number): { from: number; count: number } {
  const from = at(rows, start);
  let count = 1;
  while (count < most && rows[start + count] === from + count) count++;
  return { from, count };
}

/** The first of some rows that fit into a batch, at least one. */
async function fitting(lines: LinesDocument, from: number, most: number): Promise<number[]> {
  const count = await lines.read(
    from,
    most,
    async (source, page) => searchPlan(source.lines.index, page, batchBytes).count,
  );
  return Array.from({ length: count }, (_, i) => from + i);
}

async function read(lines: LinesDocument, rows: readonly number[]): Promise<RowTexts> {
  return { rows, texts: rows.length === 0 ? [] : await lines.lines(at(rows, 0), rows.length) };
}
