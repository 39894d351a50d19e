import { matchRows } from '../../jsonl/compare/matchRows';
import type { RowChanges } from '../../jsonl/compare/rowChanges';
import type { DocumentChange } from '../../jsonl/documentChange';
import type { PageColumns } from '../../jsonl/node/columns/pageColumns';
import type { LinesDocument } from '../../jsonl/node/document';
import type { ChangeCounts, ChangeKind } from '../../pairs/compare/changeKind';
import type { Reading } from '../../pairs/reading';
import { columnsOf } from '../pairEditor/pageWork';
import { RowColumns } from '../../editor/rowColumns';
import { Slices } from '../../editor/slices';
import { hashedRows, hashRows } from './hashColumns';

/** Pause after an edit before the rows are compared again. */
const settleMs = 250;

/** The share of the first file in the work of a comparison. */
const half = 0.5;

export interface RowComparisonOptions {
  /** The rows as they are now, with unsaved edits. */
  readonly lines: LinesDocument;
  /** The rows to compare them with. */
  readonly before: LinesDocument;
  readonly reading: () => Reading;
  readonly readingBefore: () => Reading;
  readonly pages: PageColumns;
  /** Called when there is a new result. */
  readonly changed: () => void;
  readonly failed: (error: unknown) => void;
}

/** Compares the rows of a document with those of another, and again after each edit. */
export class RowComparison {
  private found: RowChanges | null = null;
  private counted: ChangeCounts | null = null;
  private changes = 0;
  private running = false;
  private timer: NodeJS.Timeout | null = null;
  private readonly closing = new AbortController();
  private readonly columns: RowColumns;
  private readonly columnsBefore: RowColumns;
  private readonly stops: readonly (() => void)[];

  constructor(private readonly options: RowComparisonOptions) {
    const { lines, before, pages, reading, readingBefore } = options;
    this.columns = new RowColumns(lines, reading, columnsOf(lines, pages));
    this.columnsBefore = new RowColumns(before, readingBefore, columnsOf(before, pages));
    this.stops = [lines, before].map((one) => one.onDidChange((change) => this.follow(change, one === lines)));
  }

  get before(): LinesDocument {
    return this.options.before;
  }

  /** The result; null before the first one. Edits since are followed. */
  get result(): RowChanges | null {
    return this.found;
  }

  get counts(): ChangeCounts | null {
    this.counted ??= this.found && this.found.counts;
    return this.counted;
  }

  kindsOf(row: number): readonly ChangeKind[] {
    return this.found === null ? [] : this.found.kindsOf(row);
  }

  /**
   * Compares all rows.
   *
   * @param report called with the share of the work that is done, from 0 to 1
   * @throws the signal's reason when aborted, and errors of reading
   */
  async run(report: (share: number) => void = () => undefined, signal = this.closing.signal): Promise<void> {
    const { lines, before } = this.options;
    this.running = true;
    try {
      for (let changes = -1; changes !== this.changes;) {
        ({ changes } = this);
        const slices = new Slices(AbortSignal.any([signal, this.closing.signal]));
        await hashRows(before, this.columnsBefore, slices, (share) => report(half * share));
        await hashRows(lines, this.columns, slices, (share) => report(half + half * share));
        if (changes !== this.changes) continue;
        const found = await this.match(slices);
        if (found !== null) this.keep(found);
      }
    } finally {
      this.running = false;
    }
    this.options.changed();
  }

  /** Compares again, because rows are read in another way. */
  again(): void {
    this.columns.clear();
    this.columnsBefore.clear();
    this.changes++;
    this.soon();
  }

  close(): void {
    this.closing.abort();
    if (this.timer) clearTimeout(this.timer);
    for (const stop of this.stops) stop();
    this.columns.close();
    this.columnsBefore.close();
  }

  /** @returns null if an edit in the meantime has moved the hashes, so that what was compared is of no use */
  private async match(slices: Slices): Promise<RowChanges | null> {
    const { lines, before } = this.options;
    const { changes } = this;
    const work = matchRows(hashedRows(before, this.columnsBefore), hashedRows(lines, this.columns));
    for (;;) {
      if (changes !== this.changes) return null;
      const step = work.next();
      if (step.done) return step.value;
      await slices.breathe();
    }
  }

  private keep(found: RowChanges | null): void {
    this.found = found;
    this.counted = null;
  }

  private follow(change: DocumentChange, isOurs: boolean): void {
    if (change.kind === 'saved') return;
    this.changes++;
    if (change.kind === 'edited' && isOurs) this.found?.apply(change.edit);
    else if (change.kind === 'edited' || change.kind === 'reverted') this.keep(null);
    this.counted = null;
    this.soon();
  }

  private soon(): void {
    // A comparison that is running begins again when it sees the change.
    if (this.running || this.closing.signal.aborted) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run().catch(this.options.failed), settleMs);
  }
}
