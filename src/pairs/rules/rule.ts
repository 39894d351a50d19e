import type { CheckedRow } from '../checkedRow';
import type { Problem } from '../problem';

/**
 * What finds the problems of a rule:
 *
 * - `reading`: reading the row fails, or its format refuses it.
 * - `row`: a check of the row.
 * - `file`: the check of the whole file.
 * - `model`: `margin check --model`, which has the model's tokens.
 */
export type FoundBy = 'reading' | 'row' | 'file' | 'model';

/** One kind of problem: the code of its problems, and what a person should know about it. */
export interface Rule {
  /** The code of its problems. */
  readonly id: string;
  /**
   * The severity of most of its problems. Rows with an error cannot be used, so nobody can change the severity of such
   * a rule.
   */
  readonly severity: Problem['severity'];
  readonly foundBy: FoundBy;
  /**
   * How the check of a file reports its problems, if most rows of a file may share them: `once` for the file, or only
   * the `first` rows by themselves and the others together. Left out: row by row.
   */
  readonly report?: 'once' | 'first';
  /** A few words: `The answer is empty`. */
  readonly title: string;
  /** One paragraph for a person: what it is, why it hurts training, how to fix it. */
  readonly doc: string;
  /** A page about it. */
  readonly link?: string;
}

/** Rules about the same part of a row, found by the same checks: an answer is empty, or it is the same as the other. */
export interface RuleFamily {
  readonly title: string;
  readonly rules: readonly Rule[];
  /** The checks of a row that report these rules; none if something else finds their problems. */
  readonly checks: readonly RowCheck[];
}

export type RowCheck = (row: CheckedRow) => readonly Problem[];
