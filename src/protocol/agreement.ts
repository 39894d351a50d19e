import type { Agreement } from '../pairs/agreement/agreement';
import type { Label } from '../pairs/agreement/ratings';
import type { ReviewerWork } from '../pairs/agreement/reviewerWork';
import type { Verdict } from '../pairs/marks/mark';

/** Where labels come from: a marks file, a column of the dataset, or the rewards of a model. */
export interface AgreementSource {
  readonly id: string;
  readonly kind: 'marks' | 'column' | 'model';
  readonly label: string;
  /** What is in it, for a person: values of a column. */
  readonly detail: string;
  readonly chosen: boolean;
}

export interface DimensionAgreement extends Agreement {
  readonly dimension: string;
  /** Disputed items that somebody has decided. */
  readonly adjudicated: number;
}

export type AgreementStatus =
  | { readonly kind: 'reading'; readonly rows: number }
  | { readonly kind: 'ready' }
  /** Nothing to compare, or an error: a sentence that says what to do. */
  | { readonly kind: 'failed'; readonly message: string };

export interface AgreementState {
  readonly revision: number;
  /** Name of the dataset. */
  readonly file: string;
  /** URI of the dataset, which the view remembers. */
  readonly uri: string;
  readonly sources: readonly AgreementSource[];
  readonly status: AgreementStatus;
  /** The verdict first. */
  readonly dimensions: readonly DimensionAgreement[];
  /** How reviewers worked; only for those of marks files. */
  readonly work: readonly ReviewerWork[];
  /** Sentences about lines of marks files that hold no mark. */
  readonly notes: readonly string[];
}

/** A cell of a confusion table: the items to which two annotators gave these labels. */
export interface ConfusionCell {
  readonly annotators: readonly [string, string];
  readonly labels: readonly [Label, Label];
}

/** The items of a cell; without one, those on which annotators disagree. */
export interface RatedQuery {
  readonly dimension: string;
  readonly cell: ConfusionCell | null;
}

/** An item as a row of the list. */
export interface RatedRow {
  /** From 0. */
  readonly row: number;
  readonly line: number;
  readonly prompt: string;
  readonly labels: readonly (readonly [annotator: string, label: Label])[];
  readonly adjudicated: Verdict | null;
}

export interface RatedPage {
  readonly total: number;
  /** How many of all these items can be adjudicated: their row holds one pair, and nobody has decided it. */
  readonly open: number;
  readonly rows: readonly RatedRow[];
}

export type AgreementHost = {
  requests: {
    hello: { params: null; result: AgreementState };
    /** Compares the annotators of other sources. */
    choose: { params: { ids: readonly string[] }; result: null };
    /** Reads the labels again. */
    refresh: { params: null; result: null };
    rows: { params: { query: RatedQuery; from: number; count: number }; result: RatedPage };
    /** Opens a row in the pair editor. */
    open: { params: { row: number }; result: null };
    /** Opens the review of these items. */
    adjudicate: { params: RatedQuery; result: null };
  };
  events: {
    /** The state has changed: ask again. */
    changed: { revision: number };
  };
};

export type AgreementView = {
  requests: Record<never, never>;
  events: Record<never, never>;
};
