/** The implicit rewards of a row. A judged answer has one side: chosen if its label is good, otherwise rejected. */
export interface RowReward {
  readonly chosen: SideReward | null;
  readonly rejected: SideReward | null;
  /**
   * Reward of chosen minus reward of rejected; for a judged answer its reward, negated if its label is bad. A negative
   * margin means that the model disagrees with the label.
   */
  readonly margin: number;
  /**
   * The margin in the rewards that these are compared with: by default with the weights from which the run started.
   * Null if it was not scored, or if these are the weights of the reference.
   */
  readonly before: number | null;
}

export interface SideReward {
  readonly reward: number;
  readonly tokens: number;
}

/** Most pairs of a list that have keys. */
export const mostListPairs = 100;

/** The keys that find the rewards of a row: of a pair or a judged answer, or of each pair of a list. */
export type RowIdentity = PairIdentity | ListIdentity;

export interface ListIdentity {
  /** The `keyNumber` of each pair. An edit of a list changes its texts, so no person exchanges its answers. */
  readonly keys: readonly number[];
}

export interface PairIdentity {
  /** `keyNumber` of the row's content. */
  readonly key: number;
  /**
   * The key after a swap, or with the other label. It finds rewards that were computed before the person exchanged the
   * sides.
   */
  readonly exchanged: number;
  /** The label of a judged answer; null for a pair. */
  readonly judgedGood: boolean | null;
}

/** The rewards of a pair in a file of rewards. For a judged answer, the other side has no tokens. */
export interface ScoredPair {
  readonly chosen: SideReward;
  readonly rejected: SideReward;
  readonly margin: number;
  readonly before: number | null;
}

/** The rewards of pairs by their `keyNumber`. */
export interface RewardsByKey {
  get(key: number): ScoredPair | undefined;
}

/** The rewards of each pair of a row, in order; null for a pair that has none. A judged answer counts as one pair. */
export function rewardsOf(identity: RowIdentity, scored: RewardsByKey): readonly (RowReward | null)[] {
  if (!('keys' in identity)) return [rewardOf(identity, scored) ?? null];
  return identity.keys.map((key) => scored.get(key) ?? null);
}

/** The margin of a row; for a list of answers, the lowest margin of its pairs. Null if it has none. */
export function marginOf(rewards: readonly (RowReward | null)[]): number | null {
  const margins = rewards.flatMap((reward) => (reward ? [reward.margin] : []));
  return margins.length === 0 ? null : Math.min(...margins);
}

/** The rewards of a pair: those of its content, else those of the same answers with exchanged sides, exchanged back. */
export function rewardOf({ key, exchanged, judgedGood }: PairIdentity, scored: RewardsByKey): RowReward | undefined {
  const own = scored.get(key);
  const other = own ? undefined : scored.get(exchanged);
  const found = own ?? other;
  if (!found) return undefined;
  const { chosen, rejected, margin } = found;
  const before = own || found.before === null ? found.before : negated(found.before);
  if (judgedGood !== null) return judgedReward(found, judgedGood, before);
  if (own) return own;
  return { chosen: rejected, rejected: chosen, margin: negated(margin), before };
}

/**
 * The reward of a judged answer. In a KTO run of an older Margin both sides have tokens: `chosen` is the answer,
 * whatever its label, and the other side is the answer of another prompt. Its margins are not those of the answer.
 */
function judgedReward({ chosen, rejected }: ScoredPair, good: boolean, marginBefore: number | null): RowReward {
  const before = chosen.tokens > 0 && rejected.tokens > 0 ? null : marginBefore;
  const answer = chosen.tokens > 0 ? chosen : rejected;
  return good
    ? { chosen: answer, rejected: null, margin: answer.reward, before }
    : { chosen: null, rejected: answer, margin: negated(answer.reward), before };
}

/** The negative of a number, but never −0, which sorts and prints differently from 0. */
function negated(value: number): number {
  return value === 0 ? 0 : -value;
}
