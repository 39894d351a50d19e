import type { ColumnPages } from '../../editor/rowColumns';
import type { CheckedRows, RowChecks, RowsAsked } from '../../editor/checkedRows';
import type { WordSearch } from '../../editor/rowSearch';
import type { PageColumns } from '../../jsonl/node/columns/pageColumns';
import type { LinesDocument } from '../../jsonl/node/document';
import type { LineFile } from '../../jsonl/node/lineFile';
import type { PageSearch } from '../../jsonl/node/search/pageSearch';
import type { RowRun } from '../../pairs/pieceTable';

/** Checks rows of files, in other threads if possible. */
export interface RowChecker {
  /** The number of pending requests that keeps it busy. */
  readonly ahead: number;
  /**
   * Checks all rows of a page.
   *
   * @param page rows of `file` and of edits
   * @throws MarginError `changed-on-disk`
   */
  check(file: LineFile, page: readonly RowRun[], asked: RowsAsked): Promise<CheckedRows>;
}

/** The checks of the rows of a document. */
export function checksOf(lines: LinesDocument, checker: RowChecker): RowChecks {
  return {
    get ahead() {
      return checker.ahead;
    },
    check: (from, count, asked) => lines.read(from, count, (source, page) => checker.check(source.lines, page, asked)),
  };
}

/** The computation of columns of a document. */
export function columnsOf(lines: LinesDocument, pages: PageColumns): ColumnPages {
  return (from, count, asked) => lines.read(from, count, (source, page) => pages.compute(source.lines, page, asked));
}

/** The search for words in a document. */
export function wordsOf(lines: LinesDocument, pages: PageSearch): WordSearch {
  return (from, most, words) => lines.read(from, most, (source, page) => pages.search(source.lines, page, words));
}
