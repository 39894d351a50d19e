import { crc32 } from '../base/pure/crc32';
import { concatBytes } from './bytes';
import { headBytes, layoutOf } from './fileKind';
import { type FileStyle, styleOf } from './fileStyle';
import { LineWriter, type RowBytes } from './lineWriter';
import { newIndex } from './newIndex';
import { RowForms } from './rowForms';
import type { RowIndex } from './rowIndex';
import type { RowRun } from '../pairs/pieceTable';

/** A file whose bytes are all in memory, with the places of its rows. It does not change. */
export class MemoryFile implements RowBytes {
  readonly forms: RowForms;

  private constructor(
    readonly all: Uint8Array,
    /** Names the file in errors. */
    readonly name: string,
    readonly index: RowIndex,
    readonly style: FileStyle,
  ) {
    this.forms = new RowForms(index, name);
  }

  /**
   * Finds the rows of a file of lines, elements or records of CSV.
   *
   * @throws MarginError `line-too-long`, `not-utf8`, `row-too-long`, `gap-too-long`, `json-syntax`, `csv-open-quote`,
   *   `csv-header`
   */
  static of(all: Uint8Array, name: string): MemoryFile {
    const head = all.subarray(0, headBytes);
    const index = newIndex(layoutOf(head, all.length <= headBytes, name), name, crc32);
    index.push(all);
    index.finish();
    const file = new MemoryFile(all, name, index, styleOf(index));
    // No row can be read without the header, so a mistake in it is thrown now.
    file.forms.texts([]);
    return file;
  }

  lines(from: number, count: number): string[] {
    const { all, index } = this;
    const end = Math.min(from + count, index.count);
    const rows: Uint8Array[] = [];
    for (let row = from; row < end; row++)
      rows.push(index.withoutEnd(row, all.subarray(index.start(row), index.start(row + 1))));
    return this.forms.texts(rows);
  }

  async *bytes(from: number, to: number): AsyncGenerator<Uint8Array> {
    yield this.all.subarray(this.index.start(from), this.index.start(to));
  }

  /** See {@link RowForms.recordBytes}. */
  recordBytes(text: string, row: number): Uint8Array {
    return this.forms.recordBytes(text, row);
  }

  /**
   * The file with other rows.
   *
   * @throws MarginError `breaks-array`, `no-column`, `not-a-record` for a row that the file cannot hold,
   *   `line-too-long`, `row-too-long`
   */
  async with(runs: Iterable<RowRun>): Promise<MemoryFile> {
    const parts: Uint8Array[] = [];
    const write = async (bytes: Uint8Array): Promise<void> => void parts.push(bytes);
    const { index, style } = await new LineWriter(this, this.style, { file: this.name, crc32, write }).write(runs);
    return new MemoryFile(concatBytes(parts), this.name, index, style);
  }
}
