import { must } from '../../base/pure/must';
import type { LinesDocument } from '../../jsonl/node/document';
import type { Reading } from '../../pairs/reading';
import type { CheckedRows, RowChecker } from './rowChecker';

/** Rows that were checked together. */
export interface CheckedPage {
  /** The first row. */
  readonly from: number;
  /** The texts of its rows. */
  readonly texts: readonly string[];
  readonly rows: CheckedRows;
}

interface Page extends Omit<CheckedPage, 'rows'> {
  readonly rows: Promise<CheckedRows>;
}

/** Characters of a page: large enough that a message to a thread costs little, small enough for steady progress. */
const pageCharacters = 500_000;
const fewestRows = 16;
const mostRows = 4096;

/** Reads pages of rows ahead, has them checked, and returns them in order. */
export class CheckQueue {
  private readonly pages: Page[] = [];
  /** Rows of the next page. */
  private count = fewestRows;

  constructor(
    private readonly lines: LinesDocument,
    private readonly reading: () => Reading,
    private readonly checker: RowChecker,
  ) {}

  get isFull(): boolean {
    return this.pages.length >= this.checker.ahead;
  }

  /** Adds a page. @returns how many rows it has */
  async add(from: number): Promise<number> {
    const lines = await this.lines.lines(from, this.count);
    const rows = this.checker.look(lines, this.reading());
    // The error is thrown by `next`, if that page is still wanted then.
    rows.catch(() => undefined);
    this.pages.push({ from, texts: lines, rows });
    const mean = lines.reduce((sum, { length }) => sum + length, 1) / lines.length;
    this.count = Math.max(fewestRows, Math.min(mostRows, Math.round(pageCharacters / mean)));
    return lines.length;
  }

  /** Takes the oldest page out; null if there is none. */
  async next(): Promise<CheckedPage | null> {
    if (this.pages.length === 0) return null;
    const { rows, ...page } = must(this.pages.shift(), 'the oldest page');
    return { ...page, rows: await rows };
  }

  /** Forgets the pages: their rows have changed. */
  clear(): void {
    this.pages.length = 0;
  }
}
