import type { Side } from '../pairs/pair';

/** A problem of a row, with what a person can do about it. */
export interface RowProblem {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
  readonly side: Side | null;
  /** What the button says that mends it, see `fixOf`; null if a person must. */
  readonly fix: string | null;
  /** Whether the person may turn the rule off: rows with an error cannot be used. */
  readonly canIgnore: boolean;
  /** Whether the person may ignore it in this row: the row must also hold answers, so that a record can name it. */
  readonly canIgnoreRow: boolean;
  /** Who ignores it in this row, and when (ISO 8601); null if it is reported. The name may be empty. */
  readonly ignored: { readonly by: string; readonly at: string } | null;
}

/**
 * What a person does about a rule: turn it off for the file, read about it, ignore it in one row, or report it there
 * again.
 */
export type RuleAction =
  | { readonly action: 'ignore' | 'explain'; readonly rule: string }
  | { readonly action: 'ignoreInRow' | 'reportAgain'; readonly rule: string; readonly row: number };
