import { at } from '../base/pure/must';
import type { PieceTable, RowRun } from '../pairs/pieceTable';
import { endOf, type FileStyle } from './fileStyle';
import type { RowIndex } from './rowIndex';

/** Where a row begins in a text. */
export interface RowPlace {
  /** From 0. */
  readonly line: number;
  /** Characters before the row in this line; null if another row is before it, whose length is not counted. */
  readonly before: number | null;
}

/** The text that a file would have if its document were saved now: the text around rows, and the places of rows. */
export class SavedText {
  /**
   * @param rows the rows of the document
   * @param index the file that unchanged rows come from
   * @param asWritten an edited row as the file will hold it
   */
  constructor(
    private readonly rows: PieceTable,
    private readonly index: RowIndex,
    private readonly style: FileStyle,
    private readonly asWritten: (text: string) => string,
  ) {}

  /** `line` if each row is a line of the file, else `row`. */
  get unit(): 'line' | 'row' {
    return this.style.layout === 'lines' ? 'line' : 'row';
  }

  /** The text before the first row, without a byte order mark; the whole text if there are no rows. */
  get head(): string {
    const { frame } = this.style;
    return (this.rows.length === 0 ? frame.empty : frame.head).replace(/^\ufeff/, '');
  }

  /** The rows that edits changed or added, each as text. */
  editedTexts(): string[] {
    return [...this.rows.runs()].flatMap((run) => (run.kind === 'text' ? [run.line] : []));
  }

  /** What follows each of the rows `from … from + count - 1`, or of fewer at the end. */
  ends(from: number, count: number): string[] {
    const { rows, style } = this;
    const last = rows.length - 1;
    const ends = rows.page(from, count).flatMap((run) => this.endsOf(run));
    if (from + count > last && ends.length > 0) {
      const end = style.finalNewline ? at(ends, ends.length - 1) : '';
      ends[ends.length - 1] = end + style.frame.tail;
    }
    return ends;
  }

  /**
   * The places of rows. A row after the last one is where the next row would begin.
   *
   * @param wanted rows from 0, ascending
   */
  places(wanted: readonly number[]): RowPlace[] {
    if (this.style.layout === 'lines') return wanted.map((line) => ({ line, before: 0 }));
    const places: RowPlace[] = [];
    let [row, line, gap] = [0, breaksIn(this.head), this.head];
    // No other row comes before the first one.
    let place: RowPlace = { line, before: lastLine(gap).length };
    for (const run of this.rows.runs()) {
      const count = run.kind === 'base' ? run.count : 1;
      while (places.length < wanted.length && at(wanted, places.length) < row + count)
        places.push(this.placeIn(run, at(wanted, places.length) - row, place));
      row += count;
      gap = this.lastEnd(run);
      line += this.breaksIn(run) + breaksIn(gap);
      place = { line, before: charactersBefore(gap) };
    }
    return [...places, ...wanted.slice(places.length).map(() => place)];
  }

  /** @param row counts from the first row of the run, which is at `first` */
  private placeIn(run: RowRun, row: number, first: RowPlace): RowPlace {
    if (run.kind === 'text' || row === 0) return first;
    const { index } = this;
    const line = first.line + index.lineOf(run.start + row) - index.lineOf(run.start);
    return { line, before: charactersBefore(endOf(run.start + row - 1, index, this.style)) };
  }

  private endsOf(run: RowRun): string[] {
    if (run.kind === 'text') return [this.lastEnd(run)];
    return Array.from({ length: run.count }, (_, i) => endOf(run.start + i, this.index, this.style));
  }

  /** The end of the last row of a run. */
  private lastEnd(run: RowRun): string {
    if (run.kind === 'base') return endOf(run.start + run.count - 1, this.index, this.style);
    return run.end ?? (run.base === null ? this.style.lineEnd : endOf(run.base, this.index, this.style));
  }

  /** Line breaks in a run, without those in the end of its last row. */
  private breaksIn(run: RowRun): number {
    if (run.kind === 'text') return breaksIn(this.asWritten(run.line));
    const { index } = this;
    const end = run.start + run.count;
    // The index does not know the end of its last row.
    const ended = index.endOf(end - 1);
    return index.lineOf(end) - index.lineOf(run.start) - (ended === undefined ? 0 : breaksIn(ended));
  }
}

function breaksIn(text: string): number {
  return text.split('\n').length - 1;
}

/** The text after the last line break. */
export function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}

/** Characters between the start of a line and a row that follows a gap; null if the line begins before the gap. */
export function charactersBefore(gap: string): number | null {
  return gap.includes('\n') ? lastLine(gap).length : null;
}
