import type { AnsweredRow } from '../pairs/readPair';

/**
 * The factor of a row's loss; an empty object for the factor 1. TRL has no such field. A weight that is not a number is
 * an error of the row (`checkRow`).
 */
export function weightOf(result: AnsweredRow): { readonly weight?: number } {
  const { weight } = result.kind === 'list' ? result.list : result.kind === 'pair' ? result.pair : result.answer;
  return weight === undefined ? {} : { weight };
}
