import type { PairOrJudged } from '../readPair';
import type { Message } from '../pair';
import type { TextSide } from '../turnEdits';
import type { Replacer } from './replacement';
import type { ShownMatch } from './rowChange';
import { isInField } from './searchedTexts';
import type { SearchField } from './textSearch';

/** Most characters that are shown before the match, and of each other part. */
const [mostBefore, mostShown] = [30, 120];

/** The first match in the texts of a row, and what replaces it; null if there is none. */
export function firstMatch(
  row: PairOrJudged,
  field: SearchField,
  pattern: RegExp,
  replacer: Replacer,
): ShownMatch | null {
  for (const [side, turns] of sidesOf(row))
    for (const { role, content } of turns) {
      const match = isInField({ side, role }, field, row) ? firstIn(content, pattern) : null;
      if (match) return { side, ...shownMatch(content, match, replacer(match)) };
    }
  return null;
}

function sidesOf(row: PairOrJudged): readonly (readonly [TextSide, readonly Message[]])[] {
  if (row.kind === 'pair') return (['prompt', 'chosen', 'rejected'] as const).map((side) => [side, row.pair[side]]);
  return (['prompt', 'completion'] as const).map((side) => [side, row.answer[side]]);
}

function firstIn(text: string, pattern: RegExp): RegExpExecArray | null {
  for (const match of text.matchAll(pattern)) return match;
  return null;
}

function shownMatch(text: string, match: RegExpExecArray, replacement: string): Omit<ShownMatch, 'side'> {
  const end = match.index + match[0].length;
  const start = Math.max(0, match.index - mostBefore);
  return {
    before: (start > 0 ? '…' : '') + oneLine(text.slice(start, match.index).trimStart()),
    match: cut(match[0]),
    replacement: cut(replacement),
    after: cut(text.slice(end, end + mostShown + 1)),
  };
}

function cut(text: string): string {
  return oneLine(text.length > mostShown ? `${text.slice(0, mostShown)}…` : text);
}

function oneLine(text: string): string {
  return text.replaceAll(/\r?\n/g, '⏎').replaceAll('\t', ' ');
}
