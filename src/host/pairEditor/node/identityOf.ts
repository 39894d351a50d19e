import { pairKeys } from '../../../jsonl/node/pairKey';
import { pairOfJudged } from '../../../pairs/judged';
import type { Pair } from '../../../pairs/pair';
import type { PairResult } from '../../../pairs/readPair';
import { type RowIdentity, shortKey } from '../rowIdentity';

/** The keys of a row, which are hashes of its content; null if the row has nothing to score. */
export function identityOf(result: PairResult): RowIdentity | null {
  switch (result.kind) {
    case 'pair':
      return { ...keysOf(result.pair), judgedGood: null };
    case 'judged':
      return { ...keysOf(pairOfJudged(result.answer)), judgedGood: result.answer.label };
    default:
      return null;
  }
}

function keysOf(pair: Pair): { readonly key: number; readonly exchanged: number } {
  const { own, exchanged } = pairKeys(pair);
  return { key: shortKey(own), exchanged: shortKey(exchanged) };
}
