import type { Reading } from '../reading';
import { readRow } from '../readRow';
import { rowAsText } from '../rowParts';
import type { EditRecord } from './mark';

/**
 * The saved edits that made a pair what it is, newest first.
 *
 * @param edits in the order of the file; git may have mixed them, so their times count
 * @param key of the pair as it is now
 */
export function pairHistory(edits: readonly EditRecord[], key: string): readonly EditRecord[] {
  const newestFirst = edits.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).reverse();
  const history: EditRecord[] = [];
  let now: string | null = key;
  for (const edit of newestFirst) {
    if (now === null || edit.to !== now) continue;
    history.push(edit);
    now = edit.key;
  }
  return history;
}

/**
 * The row before and after an edit as texts to compare: turn by turn, with the line breaks of the texts. If these are
 * the same, the edit changed other columns, and the texts are JSON. A row that was not there is an empty text.
 */
export function shownTexts({ before, after }: EditRecord, reading: Reading): readonly [before: string, after: string] {
  const text = (row: unknown): string => {
    if (row === null) return '';
    const line = typeof row === 'string' ? row : JSON.stringify(row);
    return rowAsText(readRow(line, reading), line);
  };
  const json = (row: unknown): string =>
    row === null ? '' : typeof row === 'string' ? row : JSON.stringify(row, null, 2);
  const texts = [text(before), text(after)] as const;
  return texts[0] === texts[1] ? [json(before), json(after)] : texts;
}
