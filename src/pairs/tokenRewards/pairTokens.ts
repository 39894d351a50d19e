import type { TokenText } from '../tokens/tokenRow';
import type { TokenLogps } from './tokenRewards';

/** The tokens of an answer; all lists have one entry for each. */
export interface AnswerTokens extends TokenLogps {
  readonly ids: ArrayLike<number>;
  readonly texts: readonly TokenText[];
  /** The reward of the whole answer. */
  readonly reward: number;
}

/** A pair, scored token by token. A judged answer has one empty side. */
export interface PairTokens {
  /** A hash of the pair's content. */
  readonly key: string;
  /** The index of the pair's line in its dataset, from 0. */
  readonly row: number;
  /** The number of that line, from 1. */
  readonly line: number;
  /** Only for a judged answer. */
  readonly label?: boolean;
  /** The factor of the rewards. */
  readonly beta: number;
  readonly chosen: AnswerTokens;
  readonly rejected: AnswerTokens;
  readonly margin: number;
}
