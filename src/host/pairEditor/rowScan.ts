import { at } from '../../base/pure/must';
import type { DocumentChange } from '../../jsonl/documentChange';
import type { LinesDocument } from '../../jsonl/node/document';
import type { Edit } from '../../pairs/edits';
import type { Reading } from '../../pairs/reading';
import type { Progress } from '../../protocol/pairEditor';
import { unpacked } from '../../pairs/reportBatch';
import { type CheckedPage, CheckQueue } from './checkQueue';
import type { RowChecker } from './rowChecker';
import { RowFacts } from './rowFacts';

/** Pause after an edit before rows are scanned again. */
const settleMs = 120;
/** Pace of progress while a long file is scanned. */
const progressMs = 400;

/**
 * Keeps the {@link RowFacts} of a document up to date: it has the whole file checked once, then the rows that edits
 * touch. It begins when the file was read to its end, because reading is fast and the editor needs the rows first.
 */
export class RowScan {
  readonly facts = new RowFacts();
  /** Format of the first row that has one; empty until one is found. */
  shape = '';
  /** Why the file cannot be read to its end. */
  error: Error | null = null;
  private timer: NodeJS.Timeout | null = null;
  private running = false;
  private closed = false;
  private stopped = false;
  private reported = 0;
  private next = 0;
  /** Number of edits, which move or change rows. */
  private edits = 0;
  private readonly stop: () => void;

  constructor(
    private readonly lines: LinesDocument,
    private readonly reading: () => Reading,
    private readonly checker: RowChecker,
    /** Gets the checked rows: all in order at first, then those that edits touched. */
    private readonly checked: (page: CheckedPage) => void,
    private readonly changed: () => void,
  ) {
    this.stop = lines.onDidChange((change) => this.take(change));
    this.facts.extend(lines.rowCount);
    lines.whenIndexed().catch((error: Error) => this.fail(error));
    this.soon(0);
  }

  /** How many of the first rows are scanned, and whether these are all rows. */
  get known(): { readonly rows: number; readonly all: boolean } {
    return { rows: Math.min(this.next, this.facts.length), all: this.isComplete };
  }

  /** The work that is left; null if none is, or the file cannot be read. */
  get progress(): Progress | null {
    const { lines, facts, stopped } = this;
    if (this.error !== null || this.isComplete) return null;
    if (lines.isIndexing) return { kind: 'reading', share: lines.readShare, stopped: false };
    return { kind: 'checking', share: 1 - facts.unknownRows / facts.length, stopped };
  }

  /** Stops or continues the scan. */
  setOn(on: boolean): void {
    this.stopped = !on;
    if (on) this.soon(0);
    this.changed();
  }

  /** Whether all rows of the file are scanned. */
  get isComplete(): boolean {
    return !this.lines.isIndexing && this.facts.unknownRows === 0;
  }

  close(): void {
    this.closed = true;
    this.stop();
    if (this.timer) clearTimeout(this.timer);
  }

  /** Scans all rows again. */
  restart(): void {
    this.edits++;
    this.error = null;
    this.shape = '';
    this.facts.clear(this.lines.rowCount);
    this.next = 0;
    this.soon(0);
  }

  private take(change: DocumentChange): void {
    switch (change.kind) {
      case 'edited':
        this.edits++;
        this.facts.apply(change.edit);
        this.next = Math.min(this.next, firstRow(change.edit));
        return this.soon(settleMs);
      case 'reverted':
        return this.restart();
      case 'grown':
      case 'indexed':
        this.facts.extend(this.lines.rowCount);
        return this.soon(0);
      case 'saved':
    }
  }

  private soon(ms: number): void {
    if (this.closed || this.running || this.stopped || this.lines.isIndexing) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.scan().catch((error: Error) => this.fail(error)), ms);
  }

  private fail(error: Error): void {
    if (this.closed) return;
    this.error = error;
    this.running = false;
    this.changed();
  }

  private async scan(): Promise<void> {
    this.running = true;
    const queue = new CheckQueue(this.lines, this.reading, this.checker);
    let { edits, next: ahead } = this;
    while (!this.closed && !this.stopped) {
      if (edits !== this.edits) {
        queue.clear();
        ({ edits, next: ahead } = this);
      }
      const row = this.facts.nextUnknown(ahead);
      if (row < this.facts.length && !queue.isFull) {
        ahead = row + (await queue.add(row));
        continue;
      }
      const page = await queue.next();
      if (!page) break;
      // After an edit the rows of the page are outdated.
      if (edits === this.edits) this.keep(page);
      if (performance.now() - this.reported > progressMs) this.report();
    }
    this.running = false;
    if (!this.closed) this.report();
  }

  private keep(page: CheckedPage): void {
    const { from, rows } = page;
    const lists = new Map(rows.lists);
    let row = from;
    for (const { label: judgedGood, beside } of unpacked(rows.reports)) {
      const [key, exchanged] = [at(rows.keys, row - from), at(rows.exchanged, row - from)];
      const ofList = lists.get(row - from);
      const ofPair = key < 0 ? null : { key, exchanged, judgedGood };
      this.facts.set(row, ofList ? { keys: ofList } : ofPair, beside);
      row++;
    }
    if (this.shape === '') this.shape = rows.shape;
    this.next = this.facts.nextUnknown(this.next);
    this.checked(page);
  }

  private report(): void {
    this.reported = performance.now();
    this.changed();
  }
}

function firstRow(edit: Edit): number {
  return edit.op === 'move' ? Math.min(edit.from, edit.to) : edit.row;
}
