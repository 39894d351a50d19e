import { rowsIn } from '../bulk/sentences';
import type { Mark } from './mark';

/** What is said of many pairs at once. */
export type MarkAct =
  | { readonly kind: 'tag'; readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly kind: 'flag'; readonly flag: boolean };

/** The mark of one pair before and after an act. */
export interface ActedMark {
  readonly before: Mark;
  readonly after: Mark;
}

/** Makes an act on marks. @returns those that it changed */
export function acted(marks: readonly Mark[], act: MarkAct): readonly ActedMark[] {
  return marks
    .map((before) => ({ before, after: act.kind === 'flag' ? { ...before, flag: act.flag } : tagged(before, act) }))
    .filter(({ before, after }) => before.flag !== after.flag || !sameTags(before.tags, after.tags));
}

/**
 * Takes an act on one pair back.
 *
 * @param now its mark, which may have changed since the act: all else that was said stays
 */
export function takenBack(now: Mark, { before, after }: ActedMark): Mark {
  const added = after.tags.filter((tag) => !before.tags.includes(tag));
  const removed = before.tags.filter((tag) => !after.tags.includes(tag));
  const tags = [...now.tags, ...removed].filter((tag) => !added.includes(tag));
  const flag = before.flag === after.flag ? now.flag : before.flag;
  return { ...now, flag, tags: [...new Set(tags)] };
}

/** What was done, without the full stop. */
export function actSentence(act: MarkAct, rows: number): string {
  if (act.kind === 'tag') return `${act.remove.length === 0 ? 'Tagged' : 'Changed the tags of'} ${rowsIn(rows)}`;
  return act.flag ? `Flagged ${rowsIn(rows)}` : `Took the flag off ${rowsIn(rows)}`;
}

/** The tags of a reviewer's mark do not repeat. */
function tagged(mark: Mark, { add, remove }: Extract<MarkAct, { kind: 'tag' }>): Mark {
  const tags = [...mark.tags, ...add].filter((tag) => !remove.includes(tag));
  return { ...mark, tags: [...new Set(tags)] };
}

function sameTags(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((tag, i) => tag === other[i]);
}
