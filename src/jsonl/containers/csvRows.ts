import { at } from '../../base/pure/must';
import { problem, type Problem } from '../../pairs/problem';
import { concatBytes } from '../bytes';
import type { Delimiter } from './container';
import { cellsIn } from './csvCells';
import { checkHeader, raggedRow, rowOf } from './csvHeader';
import { CsvScanner } from './csvScanner';
import type { RowSplitter, RowText } from './rowText';
import { lineText, withoutLineEnd } from '../lineText';

/** The bytes of a record, and where it begins. */
interface Raw {
  readonly bytes: Uint8Array;
  readonly line: number;
}

/** A record as its cells, or what is wrong with it. */
export type Cells = readonly string[] | Problem;

/**
 * The rows of CSV or TSV. The first record names the keys; the cells are texts. Blank lines are not rows. A record that
 * cannot be read is a row with a problem; the records after it are still read.
 */
export class CsvRows implements RowSplitter {
  private readonly scanner: CsvScanner;
  /** The start of a record whose end has not come yet. */
  private started: Uint8Array[] = [];
  private names: readonly string[] | null = null;

  /** @param file names the file in errors */
  constructor(
    private readonly file: string,
    private readonly delimiter: Delimiter,
  ) {
    this.scanner = new CsvScanner(file, delimiter);
  }

  /** @throws MarginError `csv-header`, and as {@link CsvScanner.push} */
  push(chunk: Uint8Array): RowText[] {
    const records: Raw[] = [];
    const base = this.scanner.position;
    let start = 0;
    this.scanner.push(chunk, (end, line) => {
      records.push({ bytes: this.finish(chunk.subarray(start, end - base)), line });
      start = end - base;
    });
    const rows = this.rows(records);
    if (start < chunk.length) this.started.push(new Uint8Array(chunk.subarray(start)));
    return rows;
  }

  /** @throws MarginError `csv-header`, and as {@link CsvScanner.finish} */
  end(): RowText[] {
    this.scanner.finish();
    if (!this.scanner.unfinished) return [];
    return this.rows([{ bytes: this.finish(new Uint8Array(0)), line: this.scanner.recordLine }]);
  }

  private finish(rest: Uint8Array): Uint8Array {
    const bytes = this.started.length > 0 ? concatBytes([...this.started, rest]) : rest;
    this.started = [];
    return this.scanner.lines <= 1 && this.names === null ? withoutMark(bytes) : bytes;
  }

  private rows(all: readonly Raw[]): RowText[] {
    const records = all.filter(({ bytes }) => withoutLineEnd(bytes).length > 0);
    return records.flatMap(({ bytes, line }) => {
      const cells = readRecord(lineText(withoutLineEnd(bytes)), this.delimiter);
      if (this.names === null) {
        this.names = headerOf(cells, this.file, line);
        return [];
      }
      return [{ line, ...rowText(cells, this.names) }];
    });
  }
}

/** The names in the header. @throws MarginError `csv-header` */
export function headerOf(cells: Cells, file: string, line: number): readonly string[] {
  const names = 'message' in cells ? [] : cells;
  checkHeader(names, file, line);
  return names;
}

/** The row of a record, or the list of its cells and the problem. */
export function rowText(cells: Cells, names: readonly string[]): Omit<RowText, 'line'> {
  if ('message' in cells) return { text: '', problem: cells };
  const wrong = raggedRow(cells.length, names) ?? invalidText(cells, names);
  return wrong ? { text: JSON.stringify(cells), problem: wrong } : { text: rowOf(names, cells) };
}

/** The cells of a record without its line end, or what is wrong with it. */
export function readRecord(record: string, delimiter: Delimiter): Cells {
  const cells = cellsIn(record, delimiter);
  if (typeof cells !== 'number') return cells;
  const message = `Cell ${cells} continues after its closing quote: write quotes inside a quoted cell twice ("").`;
  return problem('error', 'csv-quote', null, message);
}

function invalidText(cells: readonly string[], names: readonly string[]): Problem | null {
  const field = names.find((_, i) => /\p{Surrogate}/u.test(at(cells, i)));
  if (field === undefined) return null;
  return problem('error', 'not-utf8', field, 'The cell is not valid UTF-8: save the file as UTF-8.');
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
