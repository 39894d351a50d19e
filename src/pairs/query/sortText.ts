import { valueAt } from '../own/keyPath';
import { answerExcerpt, lineOf, promptExcerpt } from '../excerpts';
import { asNumber } from './asNumber';
import { parsedRow, type QueriedRow, textsIn, turnsOf } from './queriedRow';

/** A text to sort by, of which a file may have many: what the list shows of a side, or the text at a path of keys. */
export type SortText =
  | { readonly kind: 'excerpt'; readonly side: ExcerptSide }
  | { readonly kind: 'textAt'; readonly keys: readonly string[] };

/** The sides of a pair with a column of the list. */
export const excerptSides = ['prompt', 'chosen', 'rejected'] as const;
export type ExcerptSide = (typeof excerptSides)[number];

/** Rows are sorted by this many characters of a text, because the texts of all rows are in memory meanwhile. */
const mostCharacters = 80;

/** The text of a row; none if it has no such text, or a number in its place. */
export function sortTexts(row: QueriedRow, of: SortText): readonly string[] {
  const text = of.kind === 'excerpt' ? excerptOf(row, of.side) : textAt(row, of.keys);
  return text === '' ? [] : [text.slice(0, mostCharacters)];
}

function excerptOf(row: QueriedRow, side: ExcerptSide): string {
  if (side !== 'prompt') return answerExcerpt(turnsOf(row, side));
  return 'format' in row.result ? promptExcerpt(row.result) : '';
}

function textAt(row: QueriedRow, keys: readonly string[]): string {
  const value = valueAt(parsedRow(row), keys);
  return asNumber(value) === null ? lineOf(textsIn(value).join(', ')) : '';
}
