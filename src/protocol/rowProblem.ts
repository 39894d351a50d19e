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
}

/** What a person does about a rule: turn it off for the file, or read about it. */
export interface RuleAction {
  readonly action: 'ignore' | 'explain';
  readonly rule: string;
}
