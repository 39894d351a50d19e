import { at } from '../../base/pure/must';
import { sameJson } from '../json';
import type { Message } from '../pair';

/** A turn to write, with the old one of the row that it continues. */
export interface AlignedTurn<Old> {
  readonly turn: Message;
  /** Undefined for an added turn. */
  readonly before: Old | undefined;
  /** Whether the old one reads as this turn, so that it stays as it is. */
  readonly same: boolean;
}

/**
 * Finds the old turn of each new one, so that an edit of one turn leaves the others as they are. Equal turns at the
 * start and at the end belong together. Between them, a turn continues the old one at its place if the number is the
 * same; otherwise it continues an equal one, or is new.
 *
 * @param read the turn that an old one reads as
 */
export function alignTurns<Old>(
  old: readonly Old[],
  turns: readonly Message[],
  read: (before: Old) => Message,
): AlignedTurn<Old>[] {
  const equal = (before: Old, turn: Message): boolean => sameJson(read(before), turn);
  const shorter = Math.min(old.length, turns.length);
  let start = 0;
  while (start < shorter && equal(at(old, start), at(turns, start))) start++;
  let end = 0;
  while (end < shorter - start && equal(at(old, old.length - 1 - end), at(turns, turns.length - 1 - end))) end++;
  const left = old.slice(start, old.length - end);
  const isSameNumber = old.length === turns.length;
  return turns.map((turn, i) => {
    if (i < start) return { turn, before: at(old, i), same: true };
    if (i >= turns.length - end) return { turn, before: at(old, i - turns.length + old.length), same: true };
    const found = left.findIndex((before) => equal(before, turn));
    if (found >= 0) return { turn, before: left.splice(found, 1)[0], same: true };
    return { turn, before: isSameNumber ? old[i] : undefined, same: false };
  });
}
