import { MarginError } from '../../base/pure/marginError';
import { lowerBound } from '../../base/pure/lowerBound';
import { at } from '../../base/pure/must';
import { everyBatch, someBatches } from '../../jsonl/node/bulk/rowBatches';
import type { RowChange } from '../../pairs/bulk/rowChange';
import { matchesIn, refusedSentences, replaceLabel, rowsIn } from '../../pairs/bulk/sentences';
import { commonWord, type TextSearch } from '../../pairs/bulk/textSearch';
import type { BulkDone, BulkRequests, FoundTexts, PreviewRow } from '../../protocol/bulk';
import { eachOutcome, planEdits, RefusalCounts } from './planEdits';
import type { ViewBulkOptions } from './viewBulk';
import { progressTo, selectedRows, togetherFor } from './selectedRows';

/** Most rows of a preview at a time. */
const mostPreviewed = 100;

interface Found {
  readonly id: number;
  readonly search: TextSearch;
  /** The revision of the rows that were searched. */
  readonly revision: number;
  /** Ascending. */
  readonly rows: readonly number[];
}

type Params<Name extends keyof BulkRequests> = BulkRequests[Name]['params'];

/** Finds texts in the whole file of a view, shows what a replacement would do, and replaces. */
export class TextFinder {
  private found: Found | null = null;
  private searches = 0;

  constructor(private readonly options: ViewBulkOptions) {}

  /** @throws MarginError `bad-pattern`, `slow-pattern`, `rows-changed`; errors of reading the file */
  async find({ search, within }: Params<'findTexts'>, signal: AbortSignal): Promise<FoundTexts> {
    const { document, services } = this.options;
    const { pageSearch, rowChanges: changes } = services;
    const { lines, reading } = document;
    await lines.whenIndexed();
    const { revision } = lines;
    const some = within && selectedRows(within, this.options);
    const batches = some ? someBatches(lines, some) : everyBatch(lines, pageSearch, commonWord(search));
    const [rows, counts]: [number[], RefusalCounts] = [[], new RefusalCounts()];
    let matches = 0;
    const total = some ? some.length : lines.rowCount;
    const work = { changes, reading, signal, total, progress: progressTo(this.options) };
    await eachOutcome(batches, { kind: 'find', search }, work, (row, outcome) => {
      if (outcome.kind === 'refused') counts.add(outcome.refusal);
      if (outcome.kind === 'found') rows.push(row);
      if (outcome.kind === 'found') matches += outcome.matches;
    });
    const id = ++this.searches;
    this.found = { id, search, revision, rows };
    return { id, matches, rows: rows.length, refused: counts.list };
  }

  next({ id, row, step }: Params<'nextText'>): number | null {
    const { rows } = this.current(id);
    if (rows.length === 0) return null;
    const place = lowerBound(rows, row);
    const isHere = rows[place] === row;
    const next = step === 1 ? place + (isHere ? 1 : 0) : place - 1;
    return at(rows, (next + rows.length) % rows.length);
  }

  async preview({ id, replacement, from, count }: Params<'previewTexts'>): Promise<readonly PreviewRow[]> {
    const { rows, search } = this.current(id);
    const { document, services } = this.options;
    const { rowChanges: changes } = services;
    const wanted = rows.slice(from, from + Math.min(count, mostPreviewed));
    const shown: PreviewRow[] = [];
    for await (const batch of someBatches(document.lines, wanted)) {
      const outcomes = await changes.of(batch, { kind: 'preview', search, replacement }, document.reading);
      for (const [i, outcome] of outcomes.entries()) {
        // An edit that was made meanwhile leaves no match: the view asks for the new matches.
        if (outcome.kind !== 'shown') throw changedRows();
        const { first, matches, refusal } = outcome;
        shown.push({ row: at(batch.rows, i), first, more: matches - 1, refusal });
      }
    }
    return shown;
  }

  /** @throws MarginError `rows-changed`, `read-only`, `slow-pattern`, those of `applyTogether`; nothing is done then */
  async replace({ id, replacement, except }: Params<'replaceTexts'>, signal: AbortSignal): Promise<BulkDone> {
    const { rows, search, revision } = this.current(id);
    const { document, services } = this.options;
    const { rowChanges: changes } = services;
    const { lines, reading } = document;
    const left = new Set(except);
    const wanted = rows.filter((row) => !left.has(row));
    const work = { changes, reading, signal, total: wanted.length, progress: progressTo(this.options) };
    const change: RowChange = { kind: 'replace', search, replacement };
    const { edits, matches, refused } = await planEdits(someBatches(lines, wanted), change, work);
    const reasons = refusedSentences(refused);
    if (edits.length === 0) return { sentence: ['Nothing was replaced.', ...reasons].join(' '), rows: 0 };
    const label = replaceLabel(search.text, replacement, edits.length);
    const how = togetherFor(this.options, { signal, total: edits.length, matches });
    if (!(await document.applyTogether(edits, label, revision, how))) throw changedRows();
    const done = `Replaced ${matchesIn(matches)} in ${rowsIn(edits.length)}; one undo takes it back.`;
    return { sentence: [done, ...reasons].join(' '), rows: edits.length };
  }

  /** The last search, if it is the one that is asked about and the rows are as they were. */
  private current(id: number): Found {
    const { found } = this;
    if (!found || found.id !== id || found.revision !== this.options.document.lines.revision) throw changedRows();
    return found;
  }
}

function changedRows(): MarginError {
  return new MarginError('rows-changed', 'The rows have changed since the search. Look at the matches again.');
}
