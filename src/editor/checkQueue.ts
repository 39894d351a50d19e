import { must } from '../base/pure/must';
import type { CheckedRows, RowChecks, RowsAsked } from './checkedRows';
import type { EditorLines } from './editorLines';

/** Rows that were checked together. */
export interface CheckedPage {
  /** The first row. */
  readonly from: number;
  readonly rows: CheckedRows;
}

interface Page extends Pick<CheckedPage, 'from'> {
  readonly rows: Promise<CheckedRows>;
}

/** Characters of a page: large enough that a message to a thread costs little, small enough for steady progress. */
const pageCharacters = 1 << 20;
const fewestRows = 16;
const mostRows = 16_384;

/** Has pages of rows checked ahead, and returns them in order. */
export class CheckQueue {
  private readonly pages: Page[] = [];
  /** Rows of the next page. */
  private count = fewestRows;

  constructor(
    private readonly lines: EditorLines,
    private readonly asked: () => RowsAsked,
    private readonly checks: RowChecks,
  ) {}

  get isFull(): boolean {
    return this.pages.length >= this.checks.ahead;
  }

  /** Adds a page. @returns how many rows it has */
  add(from: number): number {
    const count = Math.min(this.count, this.lines.rowCount - from);
    const asked = this.asked();
    const rows = this.checks.check(from, count, asked);
    // The error is thrown by `next`, if that page is still wanted then.
    rows.catch(() => undefined);
    this.pages.push({ from, rows });
    return count;
  }

  /** Takes the oldest page out; null if there is none. */
  async next(): Promise<CheckedPage | null> {
    if (this.pages.length === 0) return null;
    const { from, rows: promised } = must(this.pages.shift(), 'the oldest page');
    const rows = await promised;
    const mean = rows.lengths.reduce((sum, length) => sum + length, 1) / rows.lengths.length;
    this.count = Math.max(fewestRows, Math.min(mostRows, Math.round(pageCharacters / mean)));
    return { from, rows };
  }

  /** Forgets the pages: their rows have changed. */
  clear(): void {
    this.pages.length = 0;
  }
}
