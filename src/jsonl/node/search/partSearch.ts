import { at } from '../../../base/pure/must';
import type { CsvRecords } from '../../containers/csvRecords';
import { matchRows, type RowSpans } from './matchRows';
import type { SearchPart } from './searchPlan';
import { WordFinder } from './wordFinder';

/** Finds words in parts of pages. It keeps what it has prepared for the words until it is asked for others. */
export class PartSearch {
  private words: readonly string[] = [];
  private finders: readonly WordFinder[] = [];

  /**
   * The rows of a part that have all the words, as indexes into its page, ascending.
   *
   * @param words in lower case, one or more
   * @param bytes those of a part of the file, from its `start` on
   * @param records null if the file is not CSV
   */
  rows(part: SearchPart, words: readonly string[], bytes: Uint8Array, records: CsvRecords | null): number[] {
    this.prepare(words);
    if (part.kind === 'text') return this.isIn(part.text) ? [part.row] : [];
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const found = records
      ? this.inRecords(buffer, part.start, part.spans, records)
      : matchRows(buffer, part.start, part.spans, this.finders);
    return found.map((row) => part.row + row);
  }

  private prepare(words: readonly string[]): void {
    if (words.length === this.words.length && words.every((word, i) => word === this.words[i])) return;
    this.words = words;
    this.finders = words.map((word) => new WordFinder(word));
  }

  /** The rows of CSV are made from its records, so each record is read. */
  private inRecords(bytes: Buffer, offset: number, { starts, lengths }: RowSpans, records: CsvRecords): number[] {
    const own = Array.from(starts, (start, i) => bytes.subarray(start - offset, start - offset + at(lengths, i)));
    return records.texts(own).flatMap((text, row) => (this.isIn(text) ? [row] : []));
  }

  private isIn(text: string): boolean {
    return this.finders.every((finder) => finder.isInText(text));
  }
}
