import type { OwnColumns } from './own/ownColumns';
import type { IgnoredRules } from './marks/ignore';
import type { PairRule } from './pairRule';
import { noLevels, type RuleLevels } from './rules/levels';

/**
 * How the rows of a file are read and checked. It is plain data: settings, messages and threads can carry it.
 */
export interface Reading {
  /** Id of the format that all rows are read in; null: the format of each row is detected. */
  readonly format: string | null;
  /** The columns that a person named; null: the format decides. They come before `format`. */
  readonly columns: OwnColumns | null;
  /** How lists of answers become pairs; null: as their format says, see `ruleOf`. */
  readonly rule: PairRule | null;
  /** The severities that a person gave to rules of the checks. */
  readonly levels: RuleLevels;
  /** The rules that are ignored in single rows; null: none is. */
  readonly ignored: IgnoredRules | null;
}

/** Detects the format of each row, and makes pairs from lists as their format says. */
export const detectAll: Reading = {
  format: null,
  columns: null,
  rule: null,
  levels: noLevels,
  ignored: null,
};

/** Reads all rows with columns that a person named. */
export function withColumns(columns: OwnColumns): Reading {
  return { ...detectAll, columns };
}
