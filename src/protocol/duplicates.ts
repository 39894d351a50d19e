import type { LinkKind } from '../pairs/duplicates/links';

/** The most UTF-16 units of a text that are shown. */
export const mostShown = 20_000;

/** The duplicates of a file, as a whole. */
export interface DuplicatesState {
  readonly name: string;
  readonly unit: 'line' | 'row';
  readonly groups: number;
  /** Rows of all groups that repeat an earlier row. */
  readonly redundant: number;
  /** Why no row can be deleted; null if rows can be. `changed`: the rows have changed since the search. */
  readonly fixed: 'read-only' | 'changed' | null;
  /** Rows that the last deletion removed and that can be put back. */
  readonly deleted: number;
}

/** A group in the list. Rows count from 0. */
export interface GroupSummary {
  readonly kind: LinkKind;
  /** The lowest similarity of a row with one before it, from 0 to 1. */
  readonly similarity: number;
  readonly rows: readonly number[];
  /** The start of the prompt of its first row, on one line. */
  readonly label: string;
}

/** A text of a row: its prompt, an answer, or the line itself of a row that holds none. */
export interface RowPart {
  /** `prompt`, `chosen`, `rejected`, `completion`, the key of a list, or `line`. */
  readonly name: string;
  /** At most {@link mostShown} units. */
  readonly text: string;
  /** Units that are not shown. */
  readonly more: number;
}

export interface GroupRow {
  /** From 0. */
  readonly row: number;
  /** Whether it repeats an earlier row. */
  readonly redundant: boolean;
  readonly parts: readonly RowPart[];
}

/** The host's side. Groups count from 0 in the order of the list, which changes when rows are deleted. */
export type DuplicatesHost = {
  requests: {
    hello: { params: null; result: DuplicatesState };
    groups: { params: { from: number; count: number }; result: readonly GroupSummary[] };
    /** At most the first 50 rows of a group. */
    group: { params: { index: number }; result: readonly GroupRow[] };
    /** Deletes the other rows of a group, as one undo step. */
    keep: { params: { index: number; row: number }; result: DuplicatesState };
    /** Takes a group off the list. Its rows stay. */
    keepAll: { params: { index: number }; result: DuplicatesState };
    /** Deletes every row that repeats an earlier one, as one undo step. */
    keepFirst: { params: null; result: DuplicatesState };
    /** Puts back the rows of the last deletion, as one undo step. */
    restore: { params: null; result: DuplicatesState };
    /** Looks for duplicates again, in the file as it is on the disk. */
    search: { params: null; result: DuplicatesState };
    reveal: { params: { row: number }; result: null };
  };
  events: { changed: DuplicatesState };
};

export type DuplicatesView = { requests: Record<never, never>; events: Record<never, never> };
