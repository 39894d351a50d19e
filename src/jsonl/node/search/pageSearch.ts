import { Threads } from '../../../base/node/threads';
import type { RowRun } from '../../../pairs/pieceTable';
import { isCsv } from '../../containers/csvLayout';
import type { SearchedPage } from '../../search/searchedPage';
import type { LineFile } from '../lineFile';
import { PartSearch } from './partSearch';
import { type SearchPart, searchPlan } from './searchPlan';
import type { SearchAnswer, SearchQuestion } from './searchProgram';

/** Searches rows for words. */
export interface PageSearch {
  /**
   * Searches the first rows of a page, some megabytes of them.
   *
   * @param page rows of `file` and of edits, at least one
   * @param words in lower case, at least one; rows that have all of them are found
   * @throws MarginError `changed-on-disk`
   */
  search(file: LineFile, page: readonly RowRun[], words: readonly string[]): Promise<SearchedPage>;
}

/** Bytes that are searched in this thread at a time: they take some milliseconds, records of CSV more. */
const pageBytes = 1 << 20;
const recordBytes = 1 << 17;
/** Bytes that another thread searches at a time. */
const threadPageBytes = 1 << 23;
const threadRecordBytes = 1 << 21;

/** Searches in this thread. */
export class SearchHere implements PageSearch {
  private readonly parts = new PartSearch();

  async search(file: LineFile, page: readonly RowRun[], words: readonly string[]): Promise<SearchedPage> {
    const { index } = file;
    const { records } = file.forms;
    const { count, parts } = searchPlan(index, page, isCsv(index.layout) ? recordBytes : pageBytes);
    const rows: number[] = [];
    for (const part of parts) {
      const bytes = part.kind === 'bytes' ? await file.readKnown(part.start, part.end) : noBytes;
      rows.push(...this.parts.rows(part, words, bytes, records));
    }
    return { count, rows };
  }
}

/** Searches in a thread of its own; a file that is kept in memory is small, and searched here. */
export class SearchInThread implements PageSearch {
  private readonly here = new SearchHere();
  private readonly threads: Threads<SearchQuestion, SearchAnswer>;

  /** @param script the bundle that the thread runs */
  constructor(script: string) {
    this.threads = new Threads(script, 1);
  }

  async search(file: LineFile, page: readonly RowRun[], words: readonly string[]): Promise<SearchedPage> {
    if (file.isKept) return this.here.search(file, page, words);
    const { name, index } = file;
    const { layout } = index;
    const { count, parts } = searchPlan(index, page, isCsv(layout) ? threadRecordBytes : threadPageBytes);
    const csv = isCsv(layout) ? { head: index.frame.head, layout } : null;
    const answer = await file.lend((fd) => this.threads.ask({ fd, name, csv, words, parts }, parts.flatMap(buffersOf)));
    if (answer === 'changed') throw file.changed();
    return { count, rows: answer };
  }

  /** Ends the thread. */
  close(): void {
    this.threads.close();
  }
}

const noBytes = new Uint8Array(0);

function buffersOf(part: SearchPart): ArrayBuffer[] {
  if (part.kind === 'text') return [];
  return [part.spans.starts.buffer, part.spans.lengths.buffer, part.sums.buffer];
}
