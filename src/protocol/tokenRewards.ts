import type { TokenStat } from '../pairs/tokenRewards/tokenTally';
import type { TokenText } from '../pairs/tokens/tokenRow';

/** Most tokens of an answer that are sent, so that a message stays below 256 KB. */
export const mostTokens = 4096;

/** What the view shows: a pair of a run, or a file of rewards. */
export interface TokenRewardsState {
  readonly kind: 'run' | 'file';
  /** The name of the run or file. */
  readonly name: string;
  /** Steps of which the run has a checkpoint, ascending; empty for a file. */
  readonly steps: readonly number[];
  /** The step that scores; null for a file. */
  readonly step: number | null;
  /** The step that was asked for, if it has no checkpoint, so that `step` is another one. */
  readonly missing: number | null;
  /** Pairs of the file; null for a run, of which one pair is shown. */
  readonly pairs: number | null;
  /** The index of the shown pair in the file; 0 for a run. */
  readonly pair: number;
  /** Changes with what is shown. */
  readonly revision: number;
}

/** The first tokens of an answer; all lists have one entry for each. */
export interface ShownAnswer {
  readonly ids: Int32Array;
  /** Log-probs in nats, under the model and under the reference. */
  readonly logps: Float32Array;
  readonly ref_logps: Float32Array;
  readonly texts: readonly TokenText[];
  /** The reward of the whole answer. */
  readonly reward: number;
  /** Tokens of the whole answer. */
  readonly tokens: number;
}

export interface ShownPair {
  readonly line: number;
  /** Of a judged answer, which has one empty side; null for a pair. */
  readonly label: boolean | null;
  readonly beta: number;
  readonly margin: number;
  /** The start of the prompt; null if it is not known. */
  readonly prompt: string | null;
  readonly chosen: ShownAnswer;
  readonly rejected: ShownAnswer;
}

/** The place of a token that stands for others, with the text around it. */
export interface TokenExample {
  /** The index of the pair in the file. */
  readonly pair: number;
  readonly line: number;
  readonly side: 'chosen' | 'rejected';
  /** The index of the token in the answer. */
  readonly index: number;
  readonly reward: number;
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

export interface RankedToken extends Pick<TokenStat, 'id' | 'text' | 'count' | 'chosen' | 'sum' | 'mean'> {
  readonly examples: readonly TokenExample[];
}

/** Most examples of a token that are sent when a person asks for more. */
export const mostExamples = 60;

/** The places of a token with the highest or the lowest rewards. */
export interface ExampleQuery {
  readonly id: number;
  readonly end: 'highest' | 'lowest';
}

export interface SetQuery {
  readonly minCount: number;
  readonly by: 'mean' | 'sum';
}

/** The most rewarded and the most punished tokens of a file. */
export interface RankedTokens {
  readonly rewarded: readonly RankedToken[];
  readonly punished: readonly RankedToken[];
  /** Different tokens that are left out because they are rare. */
  readonly rare: number;
  /** Tokens of all answers. */
  readonly tokens: number;
}

/** What happens before a pair is shown: its model is opened, then the pair is scored. */
export type RewardNews = 'opening' | 'scoring';

export type TokenRewardsHost = {
  requests: {
    hello: { params: null; result: TokenRewardsState };
    /** The tokens of the shown pair. It may take as long as opening a model; aborting the request ends that. */
    pair: { params: null; result: ShownPair };
    /** Scores with another checkpoint of the run. */
    step: { params: { readonly step: number }; result: TokenRewardsState };
    /** Shows another pair of the file. */
    go: { params: { readonly pair: number }; result: TokenRewardsState };
    tokens: { params: SetQuery; result: RankedTokens };
    /** At most {@link mostExamples} places of a token, the most extreme first. It reads the whole file. */
    examples: { params: ExampleQuery; result: readonly TokenExample[] };
    /** Scores all pairs of the run's dataset token by token, and then shows the file. */
    scoreAll: { params: null; result: null };
    /** Opens the dataset at the pair. */
    openPair: { params: null; result: null };
    /** Opens the settings of Workspace Trust. */
    trust: { params: null; result: null };
  };
  events: {
    changed: TokenRewardsState;
    news: { readonly news: RewardNews };
  };
};

export type TokenRewardsView = {
  requests: Record<never, never>;
  events: Record<never, never>;
};
