import { at } from '../base/pure/must';
import type { DocumentChange } from '../jsonl/documentChange';
import type { Edit } from '../pairs/edits';
import type { Reading } from '../pairs/reading';
import type { Progress } from '../protocol/pairEditor';
import { labelIn } from '../pairs/reportBatch';
import { type CheckedPage, CheckQueue } from './checkQueue';
import type { CheckedRows, RowChecks, RowsAsked } from './checkedRows';
import type { EditorLines } from './editorLines';
import { RowFacts } from './rowFacts';
import type { RowIdentity } from '../pairs/rowRewards';

/** Pause after an edit before rows are scanned again. */
const settleMs = 120;
/** Pace of progress while a long file is scanned. */
const progressMs = 400;

/**
 * Keeps the {@link RowFacts} of a document up to date: it has the whole file checked once, and then the rows that edits
 * touch. It begins when the file is read to its end, because reading is fast and the editor needs the rows first.
 */
export class RowScan {
  readonly facts = new RowFacts();
  /** Format of the first row that has one; empty until one is found. */
  shape = '';
  /** Why the file cannot be read to its end. */
  error: Error | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running = false;
  private closed = false;
  private stopped = false;
  private reported = 0;
  private next = 0;
  /** Whether anybody has asked for the keys of rows, and whether some rows were scanned without keys. */
  private keysWanted = false;
  private keysMissing = false;
  private readonly waiting: (() => void)[] = [];
  /** Number of edits, which move or change rows. */
  private edits = 0;
  private readonly stop: () => void;

  constructor(
    private readonly lines: EditorLines,
    private readonly reading: () => Reading,
    private readonly checks: RowChecks,
    /** Gets the checked rows: all in order at first, then those that edits touched. */
    private readonly checked: (page: CheckedPage) => void,
    private readonly changed: () => void,
  ) {
    this.stop = lines.onDidChange((change) => this.onChange(change));
    this.facts.extend(lines.rowCount);
    lines.whenIndexed().catch((error: Error) => this.fail(error));
    this.scanAfter(0);
  }

  /**
   * How many of the first rows are scanned, including their keys if anybody asked for keys; `all`: these are all rows.
   */
  get known(): { readonly rows: number; readonly all: boolean } {
    if (this.keysWanted && this.keysMissing) return { rows: 0, all: false };
    return { rows: Math.min(this.next, this.facts.length), all: this.isComplete };
  }

  /** The work that is left; null if none is, or the file cannot be read. */
  get progress(): Progress | null {
    const { lines, facts, stopped } = this;
    if (this.error !== null || this.isComplete) return null;
    if (lines.isIndexing) return { kind: 'reading', share: lines.readShare, stopped: false };
    return { kind: 'checking', share: 1 - facts.unknownRows / facts.length, stopped };
  }

  /**
   * The keys of a row; null if it has nothing to score, or they are not known yet. Keys are computed only once somebody
   * has asked for one, because most files have neither rewards nor marks.
   */
  identityAt(row: number): RowIdentity | null {
    this.wantKeys();
    return this.facts.identityAt(row);
  }

  /** The row with a key, see {@link RowFacts.rowOf}. Waits until all rows are scanned, or the scan is stopped. */
  async rowOf(key: number): Promise<number | null> {
    await this.keysKnown();
    return this.facts.rowOf(key);
  }

  /** Settles when the keys of all rows are known, or the scan is stopped. */
  async keysKnown(): Promise<void> {
    this.wantKeys();
    if (!this.isOver) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Asks for the keys of all rows. Rows that were scanned without keys are scanned again. */
  wantKeys(): void {
    if (this.keysWanted) return;
    this.keysWanted = true;
    this.scanAfter(0);
  }

  /** Stops or continues the scan. */
  setOn(on: boolean): void {
    this.stopped = !on;
    if (on) this.scanAfter(0);
    this.settle();
    this.changed();
  }

  /** Whether all rows of the file are scanned. */
  get isComplete(): boolean {
    return !this.lines.isIndexing && this.facts.unknownRows === 0 && !(this.keysWanted && this.keysMissing);
  }

  close(): void {
    this.closed = true;
    this.settle();
    this.stop();
    if (this.timer) clearTimeout(this.timer);
  }

  private get isOver(): boolean {
    return this.closed || this.stopped || this.error !== null || this.isComplete;
  }

  private settle(): void {
    if (this.isOver) for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Scans all rows again. */
  restart(): void {
    this.edits++;
    this.error = null;
    this.shape = '';
    this.keysMissing = false;
    this.facts.clear(this.lines.rowCount);
    this.next = 0;
    this.scanAfter(0);
  }

  /**
   * Checks rows again, because other rules are ignored in them. Until then they keep their problems.
   *
   * @param keys the `keyNumber`s of the rows
   * @param rows some of them that are known
   * @returns the rows; null if not all keys are known, so that all rows are checked again
   */
  recheck(keys: ReadonlySet<number>, rows: readonly number[]): readonly number[] | null {
    this.edits++;
    const knowsKeys = this.keysWanted && this.isComplete && !this.facts.hasLists;
    const found = knowsKeys ? [...new Set([...rows, ...this.facts.rowsWith(keys)])] : null;
    if (found) for (const row of found) this.facts.doubt(row);
    else this.facts.again();
    this.next = this.facts.nextUnknown(0);
    this.scanAfter(0);
    return found;
  }

  private onChange(change: DocumentChange): void {
    switch (change.kind) {
      case 'edited':
        this.edits++;
        this.facts.apply(change.edit);
        this.next = Math.min(this.next, firstRow(change.edit));
        return this.scanAfter(settleMs);
      case 'reverted':
        return this.restart();
      case 'grown':
      case 'indexed':
        this.facts.extend(this.lines.rowCount);
        return this.scanAfter(0);
      case 'saved':
    }
  }

  private scanAfter(ms: number): void {
    if (this.closed || this.running || this.stopped || this.lines.isIndexing) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.scan().catch((error: Error) => this.fail(error)), ms);
  }

  private fail(error: Error): void {
    if (this.closed) return;
    this.error = error;
    this.running = false;
    this.settle();
    this.changed();
  }

  private async scan(): Promise<void> {
    this.running = true;
    const asked = (): RowsAsked => ({ reading: this.reading(), keys: this.keysWanted });
    const queue = new CheckQueue(this.lines, asked, this.checks);
    let { edits, next: ahead } = this;
    while (!this.closed && !this.stopped) {
      if (edits !== this.edits) {
        queue.clear();
        ({ edits, next: ahead } = this);
      }
      const row = this.facts.nextUnknown(ahead);
      if (row < this.facts.length && !queue.isFull) {
        ahead = row + queue.add(row);
        continue;
      }
      const page = await queue.next();
      if (!page) {
        if (!this.scansAgain()) break;
        ahead = 0;
        continue;
      }
      // After an edit the rows of the page are outdated.
      if (edits === this.edits) this.keep(page);
      if (performance.now() - this.reported > progressMs) this.report();
    }
    this.running = false;
    if (!this.closed) this.report();
  }

  /** Prepares a second scan for the keys that the first one did not compute. @returns false if no key is missing */
  private scansAgain(): boolean {
    if (!this.keysWanted || !this.keysMissing) return false;
    this.keysMissing = false;
    this.facts.again();
    this.next = 0;
    return this.facts.length > 0;
  }

  private keep(page: CheckedPage): void {
    const { from, rows } = page;
    const { beside, flags } = rows.reports;
    const lists = new Map(rows.keys?.lists);
    this.keysMissing ||= rows.keys === null;
    for (let i = 0; i < flags.length; i++) this.facts.set(from + i, keysOf(rows, lists, i), at(beside, i));
    if (this.shape === '') this.shape = rows.shape;
    this.next = this.facts.nextUnknown(this.next);
    this.checked(page);
  }

  private report(): void {
    this.reported = performance.now();
    this.settle();
    this.changed();
  }
}

function firstRow(edit: Edit): number {
  return edit.op === 'move' ? Math.min(edit.from, edit.to) : edit.row;
}

function keysOf(
  { keys, reports }: CheckedRows,
  lists: ReadonlyMap<number, readonly number[]>,
  index: number,
): RowIdentity | null {
  if (keys === null) return null;
  const ofList = lists.get(index);
  if (ofList) return { keys: ofList };
  const key = at(keys.own, index);
  return key < 0 ? null : { key, exchanged: at(keys.exchanged, index), judgedGood: labelIn(reports, index) };
}
