import { noPairs } from './listProblems';
import { pairsOfList } from './pairRule';
import type { Pair } from './pair';
import type { PairResult } from './readPair';

/**
 * The pairs of a row: the one that it is, or those that the rule of its file makes from a list. A row with a judged
 * answer, or with nothing to train on, has none.
 */
export function pairsIn(result: PairResult): readonly Pair[] {
  if (result.kind === 'pair') return [result.pair];
  return result.kind === 'list' ? pairsOfList(result.list, result.rule) : [];
}

/** Why {@link pairsIn} gives no pair for a row; null if it gives one. A sentence for a person. */
export function whyNoPairs(result: PairResult): string | null {
  if (result.kind === 'pair') return null;
  return result.kind === 'list' ? noPairs(result.list, result.rule) : result.reason;
}
