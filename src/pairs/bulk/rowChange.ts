import type { TextSide } from '../turnEdits';
import type { TextSearch } from './textSearch';

/**
 * What is done to many rows. It is plain data, because threads do it.
 *
 * - `find` only counts the matches; `preview` shows what `replace` would do.
 * - `trim` removes white space at the ends of texts.
 * - `weight` sets the weight of a row, which multiplies its loss.
 */
export type RowChange =
  | { readonly kind: 'find'; readonly search: TextSearch }
  | { readonly kind: 'preview' | 'replace'; readonly search: TextSearch; readonly replacement: string }
  | { readonly kind: 'swap' }
  | { readonly kind: 'trim' }
  | { readonly kind: 'weight'; readonly weight: number };

/**
 * Why a row cannot be changed.
 *
 * - `list`: it is a list of answers, which are not edited.
 * - `no-pair`: it holds nothing to train on.
 * - `not-in-format`: its format has no place for the result.
 */
export const refusals = ['list', 'no-pair', 'not-in-format'] as const;
export type Refusal = (typeof refusals)[number];

/** The first match of a row with the text around it, and what replaces it. Line breaks are shown as `⏎`. */
export interface ShownMatch {
  /** `prompt`, `chosen`, `rejected` or `completion`. */
  readonly side: TextSide;
  readonly before: string;
  readonly match: string;
  readonly replacement: string;
  readonly after: string;
}

/**
 * What a change makes of a row. `matches`: the number of matches of a search, 0 for other changes.
 *
 * - `found`: the answer to `find`; `shown`: the answer to `preview`, with the reason if the row cannot be changed.
 * - `same`: the row stays as it is, because nothing in it is to be changed.
 */
export type RowOutcome =
  | { readonly kind: 'changed'; readonly line: string; readonly matches: number }
  | { readonly kind: 'found'; readonly matches: number }
  | {
      readonly kind: 'shown';
      readonly matches: number;
      readonly first: ShownMatch;
      readonly refusal: Refusal | null;
    }
  | { readonly kind: 'same'; readonly matches: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly matches: number };

/** How many rows could not be changed, by reason; only reasons that occur. */
export type Refused = readonly { readonly refusal: Refusal; readonly rows: number }[];
