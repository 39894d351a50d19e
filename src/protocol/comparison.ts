import type { ChangeCounts, ChangeKind } from '../pairs/compare/changeKind';
import type { PartChange } from '../pairs/compare/partChanges';
import type { Overview, RowDetail, RowSummary } from './pairEditor';

/** Most characters of a text before or after that is sent, so that a message stays below 256 KB. */
export const maxPartText = 12_000;

/** What a file is compared with. */
export interface ComparisonOverview {
  /** Null while it is opened. */
  readonly name: string | null;
  /** Null before there is a result. */
  readonly counts: ChangeCounts | null;
  /** From 0 to 1; null when all rows were compared. */
  readonly share: number | null;
}

/** How a row differs from the row that it comes from. */
export interface RowChange {
  readonly kinds: readonly ChangeKind[];
  /** Its line before, from 1; null if it was added. */
  readonly lineBefore: number | null;
  /** What was edited. Long texts are cut to {@link maxPartText}. */
  readonly parts: readonly PartChange[];
}

/**
 * A row to restore: `row` is edited or moved, `origin` is lost: its number in the file before. Both count from 0.
 * `back` moves the row to where it was, and leaves its content.
 */
export type Restored =
  | { readonly kind: 'row'; readonly row: number }
  | { readonly kind: 'back'; readonly row: number }
  | { readonly kind: 'lost'; readonly origin: number };

export type ComparisonRequests = {
  /** A page of lost rows; their `row` is the number in the file before. At most 200. */
  lost: { params: { from: number; count: number }; result: { readonly rows: readonly RowSummary[] } };
  lostDetail: { params: { origin: number }; result: RowDetail };
  /** `revision`: the one that the view showed. The result has the row to show next. */
  restore: {
    params: { revision: number; restored: Restored };
    result: { readonly row: number; readonly overview: Overview };
  };
  stopComparing: { params: null; result: Overview };
  /** Opens a row before and after in VS Code's diff editor. */
  diffInEditor: { params: { row: number }; result: null };
};
