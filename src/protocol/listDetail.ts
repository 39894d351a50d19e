import type { PairStyle } from '../pairs/pair';
import type { PairRuleName } from '../pairs/pairRule';
import type { RowReward } from '../pairs/rowRewards';
import type { ShownTurn } from './pairEditor';

/** A row with a list of answers. */
export interface ListDetail {
  readonly style: PairStyle;
  /** The label of the format. */
  readonly shape: string;
  readonly prompt: readonly ShownTurn[];
  /** The answers that can be compared, best first, then the others. */
  readonly answers: readonly ListedAnswer[];
  /** The row's own name of the scores. */
  readonly measure: string;
  /** The first `mostListPairs` pairs that the rule of the file makes from the row. */
  readonly pairs: readonly ListedPair[];
  /** The number of all its pairs. */
  readonly pairCount: number;
  /** The name of that rule. */
  readonly rule: PairRuleName;
}

export interface ListedPair {
  /** The indices of its answers in {@link ListDetail.answers}. */
  readonly chosen: number;
  readonly rejected: number;
  /** Whether neither is better. */
  readonly tie: boolean;
  readonly reward: RowReward | null;
}

export interface ListedAnswer {
  /** Its place in the row, from 0. */
  readonly index: number;
  readonly turns: readonly ShownTurn[];
  /** Its score or rank; null if it has none. */
  readonly value: number | null;
  /** The model that wrote it; null if the row does not say. */
  readonly model: string | null;
}
