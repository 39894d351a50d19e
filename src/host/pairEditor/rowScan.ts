import type { DocumentChange, LinesDocument } from '../../jsonl/node/document';
import type { Edit } from '../../pairs/edits';
import { rowProblems } from '../../pairs/fileCheck';
import { readRow } from './readRow';
import { RowFacts } from './rowFacts';
import { identityOf } from './rowIdentity';
import { Slices } from './slices';

/** Rows read at once; the file's own limit of bytes holds as well. */
const pageRows = 64;
/** Typing settles before rows are looked at again. */
const settleMs = 120;
/** While a long file is gone over, whoever listens hears of it this often. */
const tellMs = 400;

/**
 * Keeps {@link RowFacts} of a document true: goes over the whole file once, in slices, then over the rows that edits
 * touch.
 */
export class RowScan {
  readonly facts = new RowFacts();
  /** Label of the first row's shape that has one, empty until one is found. */
  shape = '';
  /** Why the file cannot be read to its end. */
  error: Error | null = null;
  private timer: NodeJS.Timeout | null = null;
  private running = false;
  private closed = false;
  private told = 0;
  private next = 0;
  /** Counts what moved or changed rows. */
  private edits = 0;
  private readonly stop: () => void;

  constructor(
    private readonly lines: LinesDocument,
    private readonly changed: () => void,
  ) {
    this.stop = lines.onDidChange((change) => this.take(change));
    this.facts.extend(lines.rowCount);
    lines.whenIndexed().catch((error: Error) => this.fail(error));
    this.soon(0);
  }

  /** Whether all rows of the file are known. */
  get isComplete(): boolean {
    return !this.lines.isIndexing && this.facts.unknownRows === 0;
  }

  close(): void {
    this.closed = true;
    this.stop();
    if (this.timer) clearTimeout(this.timer);
  }

  private take(change: DocumentChange): void {
    switch (change.kind) {
      case 'edited':
        this.edits++;
        this.facts.apply(change.edit);
        this.next = Math.min(this.next, firstRow(change.edit));
        return this.soon(settleMs);
      case 'reverted':
        this.edits++;
        this.error = null;
        this.facts.clear(this.lines.rowCount);
        this.next = 0;
        return this.soon(0);
      case 'grown':
      case 'indexed':
        this.facts.extend(this.lines.rowCount);
        return this.soon(0);
      case 'saved':
    }
  }

  private soon(ms: number): void {
    if (this.closed || this.running) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.scan().catch((error: Error) => this.fail(error)), ms);
  }

  private fail(error: Error): void {
    if (this.closed) return;
    this.error = error;
    this.running = false;
    this.changed();
  }

  private async scan(): Promise<void> {
    this.running = true;
    const slices = new Slices();
    while (!this.closed) {
      const row = this.facts.nextUnknown(this.next);
      this.next = row;
      if (row === this.facts.length) break;
      await this.page(row, slices);
      if (performance.now() - this.told > tellMs) this.tell();
    }
    this.running = false;
    if (!this.closed) this.tell();
  }

  /**
   * Looks at some rows from `row` on. An edit that comes in between makes the rest of the page stale, so it is given
   * up.
   */
  private async page(row: number, slices: Slices): Promise<void> {
    const { edits } = this;
    for (const [i, line] of (await this.lines.lines(row, pageRows)).entries()) {
      await slices.breathe();
      if (this.closed || edits !== this.edits) return;
      this.look(row + i, line);
    }
  }

  private look(row: number, line: string): void {
    const result = readRow(line);
    if (this.shape === '' && 'format' in result) this.shape = result.format.label;
    this.facts.set(row, identityOf(result), rowProblems(result).length);
  }

  private tell(): void {
    this.told = performance.now();
    this.changed();
  }
}

function firstRow(edit: Edit): number {
  return edit.op === 'move' ? Math.min(edit.from, edit.to) : edit.row;
}
