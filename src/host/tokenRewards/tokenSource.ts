import type { PairTokens } from '../../pairs/tokenRewards/pairTokens';
import type { RewardNews, TokenRewardsState } from '../../protocol/tokenRewards';

/** A pair of a dataset. */
export interface PairPlace {
  /** The file of the pair. */
  readonly dataset: string;
  /** The index of its line, from 0. */
  readonly row: number;
  /** The key of the pair, or which of the row's pairs it is, from 0. */
  readonly pair: string | number;
  /** The line as JSON. */
  readonly text: string;
}

/** Where the rewards of tokens come from: the model of a run, or a file. */
export interface TokenSource {
  readonly state: Omit<TokenRewardsState, 'revision'>;
  /** The dataset of the shown pair; null if it is not known. */
  readonly place: Pick<PairPlace, 'dataset' | 'row'> | null;
  /** The tokens of the shown pair. Errors as the source has them. */
  pair(news: (news: RewardNews) => void, signal: AbortSignal): Promise<PairTokens & { readonly prompt: string | null }>;
  close(): Promise<void>;
}
