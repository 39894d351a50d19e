import type { Column } from '../pairs/query/column';
import type { Reading } from '../pairs/reading';
import type { ColumnValues } from './packedValues';

/** What to compute of a page of rows. */
export interface PageAsked {
  readonly columns: readonly Column[];
  readonly reading: Reading;
  /** Whether a row of the page is wanted. */
  readonly isWanted: (index: number) => boolean;
}

/** Columns of the first rows of a page. */
export interface ComputedPage {
  /** How many rows of the page were looked at, at least one. */
  readonly count: number;
  /** The rows that were wanted among them, as indexes into the page, and their values in parts. */
  readonly parts: readonly { readonly rows: readonly number[]; readonly values: readonly ColumnValues[] }[];
}
