import type { RowMeasures } from '../../jsonl/node/statistics/rowMeasures';
import { PageMeasures, type MeasuredPage } from '../../pairs/statistics/measuredPage';
import { MarkTallies, type OtherCounts } from '../../pairs/statistics/others';
import type { Statistics } from '../../pairs/statistics/statistics';
import type { PairView } from '../pairEditor/pairView';
import { RowSearch } from '../../editor/rowSearch';
import { Slices } from '../../editor/slices';

/** Most rows of a page. */
const pageRows = 1 << 14;

export interface CountOptions {
  /** Only the rows of a query; empty for all. */
  readonly filter: string;
  readonly tokens: OtherCounts['tokens'];
  readonly signal: AbortSignal;
  /** Called with how far the rows are counted, from 0 to 1. */
  readonly onProgress: (share: number) => void;
}

type Counted = Pick<PairView, 'document' | 'open' | 'searched' | 'view'>;

/**
 * The statistics of the rows of a document as it is now, with its unsaved edits. Rows are measured in other threads. An
 * edit in the meantime begins the count from the start.
 *
 * @throws the signal's reason; errors of reading; BadQuery
 */
export async function countStatistics(
  view: Counted,
  measures: RowMeasures,
  options: CountOptions,
): Promise<Statistics> {
  const { lines } = view.document;
  const { signal, filter, tokens } = options;
  await lines.whenIndexed();
  if (view.open.marks.book.size > 0) await view.open.marks.known();
  for (;;) {
    const { revision } = lines;
    const wanted = filter === '' ? null : await wantedRows(view, filter, signal);
    const pages = await measured(view, measures, wanted, options, revision);
    const marks = await marksOf(view, wanted, signal);
    signal.throwIfAborted();
    if (lines.revision !== revision) continue;
    // An empty file has no page.
    const all = pages.length === 0 ? [new PageMeasures().page] : pages;
    return await measures.finish(all, { marks, tokens });
  }
}

/** Whether each row meets a query: 1 if it does. */
async function wantedRows(view: Counted, filter: string, signal: AbortSignal): Promise<Uint8Array> {
  const search = new RowSearch({ ...view.view, filter, sort: 'row', descending: false }, view.searched);
  await search.run(() => undefined, signal);
  const wanted = new Uint8Array(view.document.lines.rowCount);
  for (const row of search.shown.page(0, search.shown.length)) wanted[row] = 1;
  return wanted;
}

/** Measures all rows, or those that are wanted, until the document changes. */
async function measured(
  { document }: Counted,
  measures: RowMeasures,
  wanted: Uint8Array | null,
  { signal, onProgress }: CountOptions,
  revision: number,
): Promise<MeasuredPage[]> {
  const { lines, reading } = document;
  const pages: MeasuredPage[] = [];
  for (let first = 0; first < lines.rowCount && lines.revision === revision;) {
    signal.throwIfAborted();
    const start = first;
    const isWanted = (index: number): boolean => wanted === null || wanted[start + index] === 1;
    const asked = { first, reading, isWanted };
    const count = Math.min(pageRows, lines.rowCount - first);
    const found = await lines.read(first, count, (source, page) => measures.measure(source.lines, page, asked));
    for (const page of found.pages) pages.push(page);
    first += found.count;
    onProgress(first / lines.rowCount);
  }
  return pages;
}

async function marksOf(view: Counted, wanted: Uint8Array | null, signal: AbortSignal): Promise<OtherCounts['marks']> {
  const tallies = new MarkTallies();
  const { lines } = view.document;
  const slices = new Slices(signal);
  for (let row = 0; view.open.marks.book.size > 0 && row < lines.rowCount; row++) {
    await slices.breathe();
    if (wanted === null || wanted[row] === 1) tallies.add(view.open.marks.markAt(row));
  }
  return tallies.counts;
}
