import type { Reading } from '../../reading';

/** How to mend the problem of a rule in one row. */
export interface Fix {
  /** The id of the rule. */
  readonly rule: string;
  /** What the button says: `Trim it`. */
  readonly title: string;
  /**
   * Whether what the fix removes is certainly unintended. `margin check --fix` makes only safe fixes, and those of
   * rules that are named.
   */
  readonly isSafe: boolean;
  /** The line with the problem mended; the same line if the fix does not know how. */
  readonly apply: (line: string, reading: Reading) => string;
}
