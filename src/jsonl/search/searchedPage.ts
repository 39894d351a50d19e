/** What was found in the first rows of a page. */
export interface SearchedPage {
  /** How many rows were searched, at least one. */
  readonly count: number;
  /** Those that have all the words, as indexes into the page, ascending. */
  readonly rows: ArrayLike<number>;
}
