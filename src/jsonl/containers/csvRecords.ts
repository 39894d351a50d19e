import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { cellOf, csvRecord } from './csvCells';
import { rowOf } from './csvHeader';
import { delimiterIn } from './csvLayout';
import { lineBytes, lineText } from '../lineText';
import type { CsvLayout } from '../rowIndex';
import { headerOf, readRecord } from './csvRows';
import { isPythonTruth } from './csvTypes';
import { scanJson } from '../../pairs/scanJson';

/** Turns the records of one CSV file into rows of JSON, and rows into records of that file. */
export class CsvRecords {
  private readonly names: readonly string[];
  /** Whether the file has quotes around every cell. */
  private readonly quoted: boolean;
  /** Whether the file writes true and false as Python does: `True`. */
  private isPython = false;

  /**
   * @param head the text before the first record: the header
   * @throws MarginError `csv-header`
   */
  constructor(
    readonly head: string,
    private readonly layout: CsvLayout,
    private readonly file: string,
  ) {
    const text = head.replace(/^\ufeff?(?:[ \t]*\r?\n)*/, '').trimEnd();
    this.names = headerOf(readRecord(text, delimiterIn(layout)), file, 1);
    this.quoted = text === csvRecord(this.names, delimiterIn(layout), true).trimEnd();
  }

  /**
   * The row of each record. A record with too many or too few cells, or with a quote in a wrong place, becomes a list
   * of its cells, or its text. The check of the row reports that.
   */
  texts(records: readonly Uint8Array[]): string[] {
    return records.map((bytes) => {
      const cells = readRecord(lineText(bytes), delimiterIn(this.layout));
      if ('message' in cells) return JSON.stringify([new TextDecoder().decode(bytes)]);
      if (!this.isPython) this.isPython = this.names.some((name, i) => isPythonTruth(name, cells[i] ?? ''));
      return cells.length === this.names.length ? rowOf(this.names, cells) : JSON.stringify(cells);
    });
  }

  /**
   * The record of a row, without a line end: an object with the names of the header as keys, or a list of cells. A text
   * is the cell itself; another value is written as JSON.
   *
   * @param row from 0, for the message
   * @throws MarginError `no-column` for a key that the header lacks, `not-a-record` for a text that is not an object or
   *   list
   */
  bytes(text: string, row: number): Uint8Array {
    const record = csvRecord(this.cells(text, row), delimiterIn(this.layout), this.quoted);
    return lineBytes(record.slice(0, -1));
  }

  /** A number or a list keeps its spelling; true and false are spelled as the file does. */
  private cell(value: unknown, spelling: string | null): string {
    if (typeof value === 'boolean' && this.isPython) return value ? 'True' : 'False';
    const hasSpelling =
      spelling !== null && (typeof value === 'number' || (typeof value === 'object' && value !== null));
    return hasSpelling && !/[\r\n]/.test(spelling) ? spelling : cellOf(value);
  }

  private cells(text: string, row: number): string[] {
    const value = parsed(text);
    if (Array.isArray(value) && value.length > 0) return value.map(cellOf);
    const details = { file: this.file, row };
    if (!isRecord(value)) {
      const message = `${this.file}, row ${row + 1}: a row of CSV must be a JSON object with the columns as keys. Correct it or undo the edit.`;
      throw new MarginError('not-a-record', message, details);
    }
    const unknown = Object.keys(value).find((key) => !this.names.includes(key));
    if (unknown === undefined) return this.names.map((name) => this.cell(value[name], spelled(text, name)));
    const message = `${this.file}, row ${row + 1}: the file has no column ${JSON.stringify(unknown)}. Add the column to its first line, or convert the file to JSON Lines (margin convert).`;
    throw new MarginError('no-column', message, { ...details, field: unknown });
  }
}

/** The text of the value of a key, as the row spells it; null if the row lacks it. */
function spelled(text: string, name: string): string | null {
  const node = scanJson(text);
  const entry = node.kind === 'object' ? node.entries.findLast(({ key }) => key === name) : undefined;
  return entry ? text.slice(entry.value.start, entry.value.end) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller refuses a text that is not an object.
    return undefined;
  }
}
