import type { CsvLayout } from '../../rowIndex';
import { CsvRecords } from '../../containers/csvRecords';
import { PartBytes } from './partBytes';
import { PartSearch } from './partSearch';
import type { SearchPart } from './searchPlan';

/** Rows for a thread to search. */
export interface SearchQuestion {
  /** The open file, which all threads of the process share. */
  readonly fd: number;
  /** Names the file in errors. */
  readonly name: string;
  readonly csv: { readonly head: string; readonly layout: CsvLayout } | null;
  readonly words: readonly string[];
  readonly parts: readonly SearchPart[];
}

/** The rows that were found, as indexes into the page; `changed` if the bytes are not those of the index. */
export type SearchAnswer = Int32Array<ArrayBuffer> | 'changed';

/** Answers questions one after the other. */
export class SearchProgram {
  private readonly parts = new PartSearch();
  private readonly bytes = new PartBytes();

  answer({ fd, name, csv, words, parts }: SearchQuestion): SearchAnswer {
    const records = csv && new CsvRecords(csv.head, csv.layout, name);
    const rows: number[] = [];
    for (const part of parts) {
      const bytes = part.kind === 'bytes' ? this.bytes.of(fd, name, part) : noBytes;
      if (bytes === null) return 'changed';
      for (const row of this.parts.rows(part, words, bytes, records)) rows.push(row);
    }
    return Int32Array.from(rows);
  }
}

const noBytes = new Uint8Array(0);
