import type { Statistics } from '../pairs/statistics/statistics';

/** Which rows are counted: all, or those that the filter of the pair editor finds. */
export type Scope = 'all' | 'filtered';

/** What the view shows. */
export interface StatisticsState {
  /** The name of the file. */
  readonly name: string;
  readonly scope: Scope;
  /** The filter of the rows that were counted; empty for all rows. */
  readonly filter: string;
  /** Null until the rows are counted. They may be those of another scope while others are counted. */
  readonly statistics: Statistics | null;
  /** How far the rows are counted, from 0 to 1; null if nothing is counted. */
  readonly progress: number | null;
  /** Whether rows or marks were changed since they were counted. */
  readonly outdated: boolean;
  /** Why the rows could not be counted; null if they could. */
  readonly error: string | null;
  /** The model whose tokens can be counted; null if none is known. */
  readonly model: string | null;
}

/** A file that the person saves. */
export interface Exported {
  /** The suggested name, with its ending. */
  readonly name: string;
  readonly kind: 'csv' | 'svg' | 'png';
  /** The text of the file; of a PNG its bytes in base64. */
  readonly content: string;
}

export type StatisticsHost = {
  requests: {
    hello: { params: null; result: StatisticsState };
    /** Counts the rows of a scope. `changed` events follow. */
    count: { params: { readonly scope: Scope }; result: null };
    /** Stops counting. */
    cancel: { params: null; result: null };
    /** Counts tokens in another process, which reads the saved file. */
    countTokens: { params: null; result: null };
    /** Shows the rows of a query in the pair editor, of those that were counted. */
    open: { params: { readonly query: string }; result: null };
    /** Shows a row in the pair editor. */
    reveal: { params: { readonly row: number }; result: null };
    /** Asks where to save a file. @returns whether it was saved */
    save: { params: Exported; result: boolean };
  };
  events: {
    changed: StatisticsState;
  };
};

export type StatisticsView = {
  requests: Record<never, never>;
  events: Record<never, never>;
};
