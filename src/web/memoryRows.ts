import type { RowChecks } from '../editor/checkedRows';
import type { ColumnPages } from '../editor/rowColumns';
import { RowReports } from '../editor/rowReports';
import type { WordSearch } from '../editor/rowSearch';
import type { MemoryDocument } from '../jsonl/memoryDocument';
import { packedValues } from '../jsonl/packedValues';
import { searchable } from '../jsonl/search/searchable';
import { columnReader } from '../pairs/query/column';
import type { QueriedRow } from '../pairs/query/queriedRow';
import type { Reading } from '../pairs/reading';
import { readRow } from '../pairs/readRow';
import { nothingIgnored } from '../pairs/rowReport';
import { at } from '../base/pure/must';

/** Characters of rows that are looked at together: they take some milliseconds. */
const pageCharacters = 1 << 18;

/** Rows have no keys here: these find rewards and marks, which the browser does not read. */
const withoutKeys = { identityOf: () => null, ignoredIn: () => [] };

/** Checks rows in this thread, one page at a time. */
export function checksOf(lines: MemoryDocument): RowChecks {
  return {
    ahead: 1,
    check: async (from, count, asked) => {
      const reports = new RowReports(count, asked, withoutKeys);
      for (const text of lines.texts(from, count)) reports.text(text);
      // Other work runs between two pages.
      await new Promise((resolve) => setTimeout(resolve, 0));
      return reports.rows;
    },
  };
}

/** Computes columns in this thread. */
export function columnsOf(lines: MemoryDocument): ColumnPages {
  return async (from, count, { columns, reading, isWanted }) => {
    const readers = columns.map(columnReader);
    const rows: number[] = [];
    const values: ReturnType<(typeof readers)[number]>[][] = columns.map(() => []);
    const looked = eachUntilFull(lines, from, count, (text, i) => {
      if (!isWanted(i)) return;
      rows.push(i);
      const row = asQueried(text, reading);
      for (const [column, read] of readers.entries()) at(values, column).push(read(row));
    });
    return { count: looked, parts: [{ rows, values: columns.map((one, i) => packedValues(one, at(values, i))) }] };
  };
}

/** Searches for words in this thread. */
export function wordsOf(lines: MemoryDocument): WordSearch {
  return async (from, most, words) => {
    const rows: number[] = [];
    const count = eachUntilFull(lines, from, most, (text, i) => {
      const searched = searchable(text);
      if (words.every((word) => searched.includes(word))) rows.push(i);
    });
    return { count, rows };
  };
}

/** A row in the form that queries read. */
export function asQueried(text: string, reading: Reading): QueriedRow {
  const result = readRow(text, reading);
  return { text, result, levels: reading.levels, ignoredIn: nothingIgnored, searchable: () => searchable(text) };
}

/** Calls `look` for the first rows of a page. @returns how many rows that were */
function eachUntilFull(
  lines: MemoryDocument,
  from: number,
  count: number,
  look: (text: string, index: number) => void,
): number {
  let characters = 0;
  for (let i = 0; i < count; i++) {
    const text = at(lines.texts(from + i, 1), 0);
    look(text, i);
    characters += text.length;
    if (characters >= pageCharacters) return i + 1;
  }
  return count;
}
