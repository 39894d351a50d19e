import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { fileError } from '../../../base/node/fileError';
import { haveSums } from '../../blockSums';
import type { CsvLayout } from '../../rowIndex';
import { CsvRecords } from '../containers/csvRecords';
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

/** Answers questions one after the other, with buffers that it keeps. */
export class SearchProgram {
  private readonly parts = new PartSearch();
  private buffer = Buffer.allocUnsafeSlow(1 << 21);

  answer({ fd, name, csv, words, parts }: SearchQuestion): SearchAnswer {
    const records = csv && new CsvRecords(csv.head, csv.layout, name);
    const rows: number[] = [];
    for (const part of parts) {
      const bytes = part.kind === 'bytes' ? this.read(fd, name, part.start, part.end) : this.buffer;
      if (part.kind === 'bytes' && !(bytes.length === part.end - part.start && haveSums(bytes, part.sums, crc32)))
        return 'changed';
      for (const row of this.parts.rows(part, words, bytes, records)) rows.push(row);
    }
    return Int32Array.from(rows);
  }

  /** The bytes `start … end - 1`, or fewer at the end of the file; they stay until the next call. */
  private read(fd: number, name: string, start: number, end: number): Buffer {
    const length = end - start;
    // A long row is the exception: its buffer is not kept.
    const buffer = length <= this.buffer.length ? this.buffer : Buffer.allocUnsafeSlow(length);
    try {
      for (let filled = 0; ;) {
        const count = readSync(fd, buffer, filled, length - filled, start + filled);
        filled += count;
        if (count === 0 || filled === length) return buffer.subarray(0, filled);
      }
    } catch (error) {
      throw fileError(error, 'read', name);
    }
  }
}
