import type { ComparisonResult } from '../pairs/comparison/comparisonResult';
import type { ValueMeasure } from '../pairs/comparison/valueMeasure';

/** Most slices that are sent, so that a message stays below 256 KB; the saved table has all. */
export const mostSlices = 200;

/** A model whose rewards of the file exist: a scored step of a run, or a scoring. */
export interface ModelSource {
  /** The path of its rewards. */
  readonly id: string;
  readonly kind: 'run' | 'scoring';
  /** Its name, which no other source has. */
  readonly label: string;
  /** The same, with the time of a scoring. */
  readonly detail: string;
  readonly chosen: boolean;
}

export type ModelComparisonStatus =
  | { readonly kind: 'reading'; readonly pairs: number }
  | { readonly kind: 'ready' }
  /** Too few models, or an error: a sentence that says what to do. */
  | { readonly kind: 'failed'; readonly message: string };

export interface ModelComparisonState {
  readonly revision: number;
  /** Name of the dataset. */
  readonly file: string;
  /** URI of the dataset, which the view remembers. */
  readonly uri: string;
  readonly sources: readonly ModelSource[];
  readonly status: ModelComparisonStatus;
  readonly measure: ValueMeasure;
  /** Key paths of columns whose values divide the file. */
  readonly columns: readonly string[];
  /** The column that divides the file; null: none. RewardBench's `subset` divides it by itself. */
  readonly slice: string | null;
  /** The names of the compared models, in the order of `sources`. */
  readonly names: readonly string[];
  /** Null until a comparison has ended. It has at most {@link mostSlices} slices. */
  readonly result: ComparisonResult | null;
  /** Slices that are not sent. */
  readonly moreSlices: number;
  /** What is left out of the comparison, in a sentence; null if nothing is. */
  readonly leftOut: string | null;
}

/** Which pairs of two models to list: those on which they differ, or those of a cell of their table. */
export type DuelCell = 'flips' | 'both_right' | 'only_first' | 'only_second' | 'both_wrong';
export type ComparedSort = 'line' | 'first' | 'second' | 'difference';

export interface ComparedQuery {
  /** Indices in `names`. */
  readonly first: number;
  readonly second: number;
  readonly cell: DuelCell;
  /** Only the pairs of this slice; null: all. */
  readonly slice: string | null;
  /** `difference`: by the size of the difference of both margins. */
  readonly sort: ComparedSort;
  readonly descending: boolean;
}

/** A pair as a row of the list. */
export interface ComparedRow {
  /** From 0. */
  readonly row: number;
  readonly line: number;
  readonly key: string;
  /** Null if the pair is no longer in the file. */
  readonly prompt: string | null;
  /** The margins under both models. */
  readonly first: number;
  readonly second: number;
}

export interface ComparedPage {
  readonly total: number;
  readonly rows: readonly ComparedRow[];
}

export type ModelComparisonHost = {
  requests: {
    hello: { params: null; result: ModelComparisonState };
    /** Compares the models of other sources. */
    choose: { params: { ids: readonly string[] }; result: null };
    measure: { params: { measure: ValueMeasure }; result: null };
    /** Divides the file by another column. */
    slice: { params: { key: string | null }; result: null };
    /** Asks for the key path of a column, and divides the file by it. */
    otherSlice: { params: null; result: null };
    /** Asks for a model, scores the file with it in the background, and adds it. */
    score: { params: null; result: null };
    /** Reads data and rewards again. */
    refresh: { params: null; result: null };
    rows: { params: { query: ComparedQuery; from: number; count: number }; result: ComparedPage };
    /** Opens a pair in the pair editor. */
    open: { params: { row: number; key: string }; result: null };
    /** Shows the pairs of a query in the pair editor, by a filter. */
    showInEditor: { params: ComparedQuery; result: null };
    /** Asks where to save a table as CSV. */
    save: { params: { table: 'models' | 'slices' | 'duels' | 'sections' }; result: null };
    savePairs: { params: ComparedQuery; result: null };
  };
  events: {
    /** The state has changed: ask again. */
    changed: { revision: number };
  };
};

export type ModelComparisonView = {
  requests: Record<never, never>;
  events: Record<never, never>;
};
