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
