import type { RunConfig, RunState, Scoring } from '../run/types';

export interface RunSummary {
  readonly folder: string;
  readonly name: string;
  /** What state.json says, or `lost` where the process is gone though it says it runs. */
  readonly status: RunState['status'] | 'lost';
  readonly state: RunState | null;
  readonly created: number;
  /** How much of the rewards at its end is there; null while it runs, and where it has no checkpoint. */
  readonly scoring: Scoring | null;
}

/** Columns of curve points, thinned to the asked width: per bucket the smallest and the largest value are kept. */
export interface Curves {
  readonly revision: number;
  readonly steps: Float64Array;
  /** Seconds since the run's first point. */
  readonly times: Float64Array;
  /** By metric name, NaN where a point has none. `eval_` metrics stand at their own steps. */
  readonly series: Readonly<Record<string, Float64Array>>;
  readonly lastStep: number;
}

export interface RunDetail {
  readonly revision: number;
  readonly run: RunSummary | null;
  readonly runs: readonly RunSummary[];
  readonly config: RunConfig | null;
  /** Steps with rewards, rising. */
  readonly rewardSteps: readonly number[];
  /** The one to show first: the newest, or the best where the run ended on it. */
  readonly rewardStep: number | null;
  /** Whether the run starts as its reference, so that all rewards before training are 0 and nobody computed them. */
  readonly startsAsReference: boolean;
  /** Steps with samples, rising. */
  readonly sampleSteps: readonly number[];
  /** The one to show first: the last that was told. */
  readonly sampleStep: number | null;
  /** A sentence about the curves, when they say something. */
  readonly remark: string | null;
  /** Name of a run whose folder is being made; reading a large model's files takes a while. */
  readonly preparing: string | null;
  /** The run this view was asked to show; null: it follows the newest. */
  readonly pinned: string | null;
  /**
   * The tab somebody asks for, and the pair's key in it. Told once, in answer to hello, so that a hidden view misses
   * nothing.
   */
  readonly reveal: { readonly tab: 'curves' | 'pairs'; readonly key: string | null } | null;
}

/** A prompt, and how it was answered before the first step and after some. */
export interface Sample {
  readonly prompt: string;
  readonly before: string;
  readonly after: string;
}

export interface PairsQuery {
  readonly step: number;
  readonly sort: 'line' | 'chosen' | 'rejected' | 'margin' | 'before';
  readonly descending: boolean;
  /** Only pairs with low ≤ margin < high; null: all. */
  readonly brush: readonly [number, number] | null;
  readonly from: number;
  readonly count: number;
}

/** A pair's rewards as a row of the table. */
export interface RewardRow {
  readonly row: number;
  readonly line: number;
  readonly key: string;
  readonly chosen: number;
  readonly rejected: number;
  readonly margin: number;
  /** Margin before the first step; null where it was not scored. */
  readonly before: number | null;
  /** Start of the last user turn; null where the dataset has no such pair any more. */
  readonly prompt: string | null;
}

export interface PairsPage {
  readonly total: number;
  readonly shown: number;
  readonly negative: number;
  readonly rows: readonly RewardRow[];
  /** Bin edges (n + 1) and counts (n) over all pairs. */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
}

export type RunPanelHost = {
  requests: {
    hello: { params: { folder: string | null }; result: RunDetail };
    /** null: the newest. */
    select: { params: { folder: string | null }; result: RunDetail };
    curves: { params: { width: number }; result: Curves };
    pairs: { params: PairsQuery; result: PairsPage };
    /** Where a pair stands in the order of the query; null if it was not scored or the brush hides it. */
    locate: { params: { query: PairsQuery; key: string }; result: number | null };
    samples: { params: { step: number }; result: readonly Sample[] };
    log: { params: { lines: number }; result: string };
    control: { params: { want: 'pause' | 'run' | 'stop' }; result: null };
    /** Opens the dataset at the pair's row, found by key. */
    openPair: { params: { key: string; line: number }; result: null };
    command: {
      params: {
        name: 'train' | 'resume' | 'openLog' | 'openConfig' | 'openDataset' | 'openEditor' | 'score' | 'cancelScoring';
      };
      result: null;
    };
  };
  events: {
    /** Something of the shown run changed: ask again. At most 4 a second. */
    changed: { revision: number };
  };
};

export type RunPanelView = {
  requests: Record<never, never>;
  events: Record<never, never>;
};
