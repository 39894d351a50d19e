import type { PairTokens } from '../../pairs/tokenRewards/pairTokens';

/** The model that scores: a run at a step of which it has a checkpoint. */
export interface ScoringModel {
  readonly folder: string;
  readonly step: number;
  /** Changes with the checkpoint, so that a resumed run is opened again. */
  readonly stamp: string;
  /** The file of the rows, whose marks apply. */
  readonly dataset: string;
}

/** What the program is asked: the rewards of the tokens of one pair. */
export interface RewardQuestion {
  readonly model: ScoringModel;
  /** A line of JSON. */
  readonly text: string;
  /** The index of the line in the dataset, from 0. */
  readonly row: number;
  /** The key of the pair, or which of the row's pairs it is, from 0. */
  readonly pair: string | number;
}

export interface FoundRewards extends PairTokens {
  /** The start of the last turn of the prompt. */
  readonly prompt: string;
}

/** What the program does now. */
export type RewardNews = 'opening' | 'scoring';
