import { pairKey, pairKeys } from './pairKey';
import { pairOfJudged } from '../../pairs/judged';
import type { Pair } from '../../pairs/pair';
import { pairsIn } from '../../pairs/pairsIn';
import type { PairResult } from '../../pairs/readPair';
import { mostListPairs, type RowIdentity } from '../../pairs/rowRewards';
import { keyNumber } from '../../pairs/keyNumber';

/**
 * The keys of a row, which are hashes of its content; null if the row has nothing to score. Of a list they are the keys
 * of its first {@link mostListPairs} pairs.
 */
export function identityOf(result: PairResult): RowIdentity | null {
  switch (result.kind) {
    case 'pair':
      return { ...keysOf(result.pair), judgedGood: null };
    case 'judged':
      return { ...keysOf(pairOfJudged(result.answer)), judgedGood: result.answer.label };
    case 'list': {
      const pairs = pairsIn(result).slice(0, mostListPairs);
      return pairs.length === 0 ? null : { keys: pairs.map((pair) => keyNumber(pairKey(pair))) };
    }
    default:
      return null;
  }
}

function keysOf(pair: Pair): { readonly key: number; readonly exchanged: number } {
  const { own, exchanged } = pairKeys(pair);
  return { key: keyNumber(own), exchanged: keyNumber(exchanged) };
}
