import { at, must } from '../base/pure/must';
import type { Edit } from '../pairs/edits';
import { isCsv } from './containers/csvLayout';
import { CsvRecords } from './containers/csvRecords';
import { elementText } from './elementBytes';
import { lineText } from './lineText';
import type { RowIndex } from './rowIndex';

/** The rows of a file as JSON, which the rest of Margin reads, and as the file holds them. */
export class RowForms {
  private known: CsvRecords | null = null;

  /** @param file names the file in errors */
  constructor(
    private readonly index: Pick<RowIndex, 'layout' | 'frame'>,
    private readonly file: string,
  ) {}

  /** Converts between rows and records; null if the file is not CSV. @throws MarginError `csv-header` */
  get records(): CsvRecords | null {
    const { layout, frame } = this.index;
    if (!isCsv(layout)) return null;
    if (this.known?.head !== frame.head) this.known = new CsvRecords(frame.head, layout, this.file);
    return this.known;
  }

  /** The rows as JSON. @param rows their bytes, without their ends @throws MarginError `csv-header` */
  texts(rows: readonly Uint8Array[]): string[] {
    return this.records?.texts(rows) ?? rows.map(lineText);
  }

  /**
   * The record of a row in a CSV file, see {@link CsvRecords.bytes}.
   *
   * @throws MarginError `no-column`, `not-a-record`, `csv-header`
   */
  recordBytes(text: string, row: number): Uint8Array {
    return must(this.records, 'the header').bytes(text, row);
  }

  /** An edited row as the file will hold it. */
  asWritten(text: string): string {
    const { records } = this;
    if (records) return lineText(records.bytes(text, 0));
    return this.index.layout === 'lines' ? text : elementText(text);
  }

  /**
   * The edit with each row as it will be read after a save: CSV holds only texts, under the names of its header.
   *
   * @throws MarginError `no-column`, `not-a-record` for a row that the file cannot hold
   */
  asStored(edit: Edit): Edit {
    const { records } = this;
    if (!records || (edit.op !== 'replace' && edit.op !== 'insert')) return edit;
    const stored = (text: string): string => at(records.texts([records.bytes(text, edit.row)]), 0);
    return edit.op === 'replace'
      ? { ...edit, line: stored(edit.line) }
      : { ...edit, lines: edit.lines.map((line) => stored(line)) };
  }
}
