import type { CurveRemark } from '../run/symptoms/symptom';
import type { RunConfig, RunState, Scoring } from '../run/types';

/** One run in the list of runs. */
export interface RunSummary {
  readonly folder: string;
  readonly name: string;
  /** The status in state.json; `lost` if that says `running` but the process is gone. */
  readonly status: RunState['status'] | 'lost';
  readonly state: RunState | null;
  readonly created: number;
  /** Progress of the rewards after the last step; null while the run trains, and if it has no checkpoint. */
  readonly scoring: Scoring | null;
}

/** Points of the curves, reduced to the requested width: of each bucket the smallest and the largest value remain. */
export interface Curves {
  readonly revision: number;
  readonly steps: Float64Array;
  /** Seconds since the run's first point. */
  readonly times: Float64Array;
  /** Values by metric name; NaN at steps where the metric has no value. `eval_` metrics have values at few steps. */
  readonly series: Readonly<Record<string, Float64Array>>;
  readonly lastStep: number;
}

export interface RunDetail {
  readonly revision: number;
  readonly run: RunSummary | null;
  readonly runs: readonly RunSummary[];
  readonly config: RunConfig | null;
  /** Steps with rewards, ascending. */
  readonly rewardSteps: readonly number[];
  /** The step to show first: the newest, or the best one if the run ended with its weights. */
  readonly rewardStep: number | null;
  /** Whether the run starts as its reference. Then all rewards before training are 0, and are not computed. */
  readonly startsAsReference: boolean;
  /** Steps with samples, ascending. */
  readonly sampleSteps: readonly number[];
  /** The step to show first, the newest. */
  readonly sampleStep: number | null;
  /** What the curves show that a person should know, the most urgent first. */
  readonly remarks: readonly CurveRemark[];
  /** Name of a run whose folder is being made, which takes a while for a large model; otherwise null. */
  readonly preparing: string | null;
  /** The run that the view shows; null if it follows the newest. */
  readonly pinned: string | null;
  /**
   * The tab to show, and the key of a pair in it. It is sent once, in the result of `hello`, so that a view that was
   * hidden gets it too.
   */
  readonly reveal: { readonly tab: 'curves' | 'pairs'; readonly key: string | null } | null;
}

/** A prompt with the model's answers before the first step and after some step. */
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

/** The rewards of a pair, as one row of the table. */
export interface RewardRow {
  readonly row: number;
  readonly line: number;
  readonly key: string;
  readonly chosen: number;
  readonly rejected: number;
  readonly margin: number;
  /** Margin before the first step; null if it was not scored. */
  readonly before: number | null;
  /** Start of the last user turn; null if the dataset no longer contains the pair. */
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
    /** Shows a run; null follows the newest. */
    select: { params: { folder: string | null }; result: RunDetail };
    curves: { params: { width: number }; result: Curves };
    pairs: { params: PairsQuery; result: PairsPage };
    /** The position of a pair in the result of the query; null if it was not scored or the brush hides it. */
    locate: { params: { query: PairsQuery; key: string }; result: number | null };
    samples: { params: { step: number }; result: readonly Sample[] };
    log: { params: { lines: number }; result: string };
    control: { params: { want: 'pause' | 'run' | 'stop' }; result: null };
    /** Opens the dataset at the row of the pair, which is found by its key. */
    openPair: { params: { key: string; line: number }; result: null };
    /** Shows the rewards of the tokens of a pair. `row`: the index of its line when it was scored. */
    tokens: { params: { step: number; key: string; row: number }; result: null };
    command: {
      params: {
        name: 'train' | 'resume' | 'openLog' | 'openConfig' | 'openDataset' | 'openEditor' | 'score' | 'cancelScoring';
      };
      result: null;
    };
  };
  events: {
    /** The shown run has changed: request it again. Sent at most 4 times a second. */
    changed: { revision: number };
  };
};

export type RunPanelView = {
  requests: Record<never, never>;
  events: Record<never, never>;
};
