import { at } from '../../../base/pure/must';
import type { Column } from '../../../pairs/query/column';
import type { Reading } from '../../../pairs/reading';
import { lineText } from '../../lineText';
import type { CsvLayout } from '../../rowIndex';
import { CsvRecords } from '../containers/csvRecords';
import { PartBytes } from '../search/partBytes';
import type { SearchPart } from '../search/searchPlan';
import type { ColumnValues } from '../../packedValues';
import { ColumnReaders, type SlowPattern } from './columnValues';

/** A request to a thread: compute columns for all rows of some parts. */
export interface ColumnQuestion {
  /** The open file, which all threads of the process share. */
  readonly fd: number;
  /** Names the file in errors. */
  readonly name: string;
  readonly csv: { readonly head: string; readonly layout: CsvLayout } | null;
  readonly parts: readonly SearchPart[];
  readonly columns: readonly Column[];
  readonly reading: Reading;
}

/** The values of each column, `changed` if the bytes are not those of the index, or the pattern that takes too long. */
export type ColumnAnswer = ColumnValues[] | 'changed' | SlowPattern;

/** Answers questions one after the other. */
export class ColumnProgram {
  private readonly bytes = new PartBytes();
  private readonly readers = new ColumnReaders();

  answer({ fd, name, csv, parts, columns, reading }: ColumnQuestion): ColumnAnswer {
    const records = csv && new CsvRecords(csv.head, csv.layout, name);
    const texts: string[] = [];
    for (const part of parts) {
      if (part.kind === 'text') {
        texts.push(part.text);
        continue;
      }
      const bytes = this.bytes.of(fd, name, part);
      if (bytes === null) return 'changed';
      for (const text of textsIn(part, bytes, records)) texts.push(text);
    }
    return this.readers.read(texts, columns, reading);
  }
}

/** The rows of a part. */
export function textsIn(
  { spans, start }: Extract<SearchPart, { kind: 'bytes' }>,
  bytes: Uint8Array,
  records: CsvRecords | null,
): string[] {
  const { starts, lengths } = spans;
  const own = Array.from(starts, (from, i) => bytes.subarray(from - start, from - start + at(lengths, i)));
  return records ? records.texts(own) : own.map((row) => lineText(row));
}
