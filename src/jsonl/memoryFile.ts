import { crc32 } from '../base/pure/crc32';
import { concatBytes } from './bytes';
import { elementText } from './elementBytes';
import { headBytes, layoutOf } from './fileKind';
import { type FileStyle, styleOf } from './fileStyle';
import { LineWriter, type RowBytes } from './lineWriter';
import { lineText } from './lineText';
import { newIndex } from './newIndex';
import type { RowIndex } from './rowIndex';
import type { RowRun } from '../pairs/pieceTable';

/** A file whose bytes are all in memory, with the places of its rows. It does not change. */
export class MemoryFile implements RowBytes {
  private constructor(
    readonly all: Uint8Array,
    /** Names the file in errors. */
    readonly name: string,
    readonly index: RowIndex,
    readonly style: FileStyle,
  ) {}

  /**
   * Finds the rows of a file of lines or elements.
   *
   * @throws MarginError `line-too-long`, `not-utf8`, `row-too-long`, `gap-too-long`, `json-syntax`
   */
  static of(all: Uint8Array, name: string): MemoryFile {
    const head = all.subarray(0, headBytes);
    const index = newIndex(layoutOf(head, all.length <= headBytes, name), name, crc32);
    index.push(all);
    index.finish();
    return new MemoryFile(all, name, index, styleOf(index));
  }

  lines(from: number, count: number): string[] {
    const { all, index } = this;
    const end = Math.min(from + count, index.count);
    const texts: string[] = [];
    for (let row = from; row < end; row++)
      texts.push(lineText(index.withoutEnd(row, all.subarray(index.start(row), index.start(row + 1)))));
    return texts;
  }

  async *bytes(from: number, to: number): AsyncGenerator<Uint8Array> {
    yield this.all.subarray(this.index.start(from), this.index.start(to));
  }

  /** An edited row as the file will hold it. */
  asWritten(text: string): string {
    return this.index.layout === 'lines' ? text : elementText(text);
  }

  /** Never called: only CSV has records, and this file has lines or elements. @throws Error */
  recordBytes(): Uint8Array {
    throw new Error(`${this.name} is not CSV`);
  }

  /**
   * The file with other rows.
   *
   * @throws MarginError `breaks-array` for a row that the file cannot hold, `line-too-long`, `row-too-long`
   */
  async with(runs: Iterable<RowRun>): Promise<MemoryFile> {
    const parts: Uint8Array[] = [];
    const write = async (bytes: Uint8Array): Promise<void> => void parts.push(bytes);
    const { index, style } = await new LineWriter(this, this.style, { file: this.name, crc32, write }).write(runs);
    return new MemoryFile(concatBytes(parts), this.name, index, style);
  }
}
