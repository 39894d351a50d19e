import { pairKey } from '../../jsonl/node/pairKey';
import { pairOfJudged } from '../../pairs/judged';
import type { Pair } from '../../pairs/pair';
import type { PairResult } from '../../pairs/readPair';
import type { RowReward, SideReward } from '../../protocol/pairEditor';

/** Digits of a key that are kept: 52 bits fit a number exactly. */
const keyDigits = 13;

/** What the rewards of a row are found by. */
export interface RowIdentity {
  /** {@link shortKey} of the row's content. */
  readonly key: number;
  /** The key it has after a swap, or with the other label: what was scored before the person changed sides. */
  readonly exchanged: number;
  /** The label of a judged answer; null for a pair. */
  readonly judgedGood: boolean | null;
}

/** Rewards as a file of them holds them. Of a judged answer, the side without tokens is empty. */
export interface ScoredPair {
  readonly chosen: SideReward;
  readonly rejected: SideReward;
  readonly margin: number;
  readonly before: number | null;
}

/** A pair's key (hex) as a number. */
export function shortKey(key: string): number {
  return Number.parseInt(key.slice(0, keyDigits), 16);
}

/** null where the row holds nothing that can be scored. */
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

/** The rewards of a row, of the content as it stands or else of the same answers with their sides exchanged. */
export function rewardOf(
  { key, exchanged, judgedGood }: RowIdentity,
  scored: ReadonlyMap<number, ScoredPair>,
): RowReward | undefined {
  const own = scored.get(key);
  const other = own ? undefined : scored.get(exchanged);
  const found = own ?? other;
  if (!found) return undefined;
  if (judgedGood !== null) return judgedReward(found, judgedGood);
  if (own) return own;
  const { chosen, rejected, margin, before } = found;
  const marginBefore = before === null ? null : negated(before);
  return { chosen: rejected, rejected: chosen, margin: negated(margin), before: marginBefore };
}

/**
 * In a KTO run both sides have tokens: `chosen` is the answer, whatever its label, the other side another prompt's
 * answer.
 */
function judgedReward({ chosen, rejected }: ScoredPair, good: boolean): RowReward {
  const answer = chosen.tokens > 0 ? chosen : rejected;
  return good
    ? { chosen: answer, rejected: null, margin: answer.reward, before: null }
    : { chosen: null, rejected: answer, margin: negated(answer.reward), before: null };
}

/** Without a negative zero, which sorts and prints as another number. */
function negated(value: number): number {
  return value === 0 ? 0 : -value;
}

function keysOf(pair: Pair): { readonly key: number; readonly exchanged: number } {
  const exchanged = { ...pair, chosen: pair.rejected, rejected: pair.chosen };
  return { key: shortKey(pairKey(pair)), exchanged: shortKey(pairKey(exchanged)) };
}
