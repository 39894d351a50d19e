import { readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { columnsOf } from '../../src/host/pairEditor/pageWork';
import { DocumentColumns } from '../../src/host/pairEditor/documentColumns';
import { facetCounts } from '../../src/editor/facetCounts';
import { RowColumns } from '../../src/editor/rowColumns';
import type { RowScan } from '../../src/editor/rowScan';
import { ShownRows } from '../../src/editor/shownRows';
import { ColumnStore } from '../../src/jsonl/node/columns/columnStore';
import type { PageColumns } from '../../src/jsonl/node/columns/pageColumns';
import type { LinesDocument } from '../../src/jsonl/node/document';
import type { PageSearch } from '../../src/jsonl/node/search/pageSearch';
import { facetFields } from '../../src/pairs/query/facets';
import { detectAll } from '../../src/pairs/reading';
import { factsOf, searched } from './filters';
import { median, timed } from './timed';

interface OpenFile {
  readonly lines: LinesDocument;
  readonly pages: PageSearch;
  readonly pageColumns: PageColumns;
  readonly scan: RowScan;
}

const filter = 'len(chosen)>2*len(rejected) turns>1';

/** Lines of the table: columns that were computed when a file was open before, beside their computation. */
export async function reopened(file: string, open: OpenFile): Promise<[string, string][]> {
  const folder = `${file}.columns`;
  const counts = (): Promise<number> => withColumns(folder, open, (columns) => counted(open, columns));
  const filtered = (): Promise<number> =>
    withColumns(folder, open, (columns) => searched({ ...open, columns }, filter));
  const measured = async (name: string, run: () => Promise<number>): Promise<[string, string]> => {
    const first = await run();
    if (readdirSync(folder).length === 0) throw new Error('No column was stored');
    const again = await median(run);
    return [name, `${(first / 1000).toFixed(1)}; ${again.toFixed(0)} (${(again / first).toPrecision(2)}×)`];
  };
  const found = [
    await measured('all facets counted, s; after the file was opened again, ms (beside the first time)', counts),
    await measured('a filter on computed lengths and turns, s; after the file was opened again, ms (…)', filtered),
  ];
  rmSync(folder, { recursive: true });
  return found;
}

async function counted({ lines, scan }: OpenFile, columns: RowColumns): Promise<void> {
  const rows = { shown: ShownRows.all(lines.rowCount), columns, facts: factsOf({ lines, scan }) };
  await facetCounts(rows, facetFields, 20);
}

/** Milliseconds of some work with columns as they are when a file was just opened. */
async function withColumns(
  folder: string,
  { lines, pageColumns }: OpenFile,
  work: (columns: RowColumns) => Promise<void>,
): Promise<number> {
  const warn = (message: string): never => {
    throw new Error(message);
  };
  const stored = new DocumentColumns(
    lines,
    () => detectAll,
    new ColumnStore(folder, resolve('dist/columnThread.js'), warn),
  );
  const columns = new RowColumns(lines, () => detectAll, columnsOf(lines, pageColumns), null, stored);
  const ms = await timed(() => work(columns));
  await stored.written;
  columns.close();
  return ms;
}
