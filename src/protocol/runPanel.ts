import type { DynamicsGroup } from '../pairs/dynamics/dynamicsGroup';
import type { FileCounts, FileNumber, ShownNumber } from '../pairs/fileNumber';
import type { PairNumber } from '../pairs/pairNumber';
import type { CurveColumns, CurvePage } from '../run/curves';
import type { StepPin } from '../run/stepPin';
import type { CurveRemark } from '../run/symptoms/symptom';
import type { SampleRewards } from '../run/sampleEvent';
import type { RunConfig, RunState, Scoring } from '../run/types';
import type { GradientChoice, GradientPage } from './gradient';

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
  /** Only of a lost run: when it was last alive, and what a resume repeats, in sentences. */
  readonly lost?: string;
}

/**
 * A few points of the curves, to draw at once: of each bucket the smallest and the largest value remain. Values by
 * metric name; NaN at steps where the metric has no value. `eval_` metrics have values at few steps.
 */
export type Curves = CurveColumns;

/** Settings of the curves that a workspace remembers; the view checks them. */
export type CurveMemory = Readonly<Record<string, unknown>>;

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
  /** Points that are read so far while a long run is read for the first time; then null. */
  readonly reading: number | null;
  /** Why the files of the run cannot be read any longer; null if they can. What was read stays. */
  readonly unreadable: string | null;
  /** What the person wrote at steps of the run, by step. */
  readonly pins: readonly StepPin[];
  /** The settings of the curves in this workspace; null: none were chosen. */
  readonly curveMemory: CurveMemory | null;
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
  /** Under the model of this step; null: not known. */
  readonly rewards: SampleRewards | null;
}

/** Which pairs are shown, in which order. */
export interface PairsQuery {
  readonly step: number;
  /** The step that margins are compared with; null: the start of the run. */
  readonly before: number | null;
  /** The folder of the run that has this step; null: the shown run. */
  readonly beforeRun: string | null;
  readonly sort: ShownNumber;
  readonly descending: boolean;
  /** In the filter language, only of numbers, such as `margin:-1.2..-0.4` and `.score:>3`; '' for all pairs. */
  readonly filter: string;
  /** The number that the histogram counts. */
  readonly histogram: ShownNumber;
  /** The columns of the dataset that rows, counts and exports have. */
  readonly columns: readonly FileNumber[];
  readonly from: number;
  readonly count: number;
}

/** Another run with rewards of the same dataset, and the step to compare with. */
export interface ScoredRun {
  readonly folder: string;
  readonly name: string;
  readonly step: number;
}

/** A pair as one row of the table. Of its numbers, those that are not known are null. */
export interface RewardRow extends Readonly<Record<PairNumber, number | null>> {
  /** The index of its line when it was scored. */
  readonly row: number;
  readonly line: number;
  readonly key: string;
  readonly chosen: number;
  readonly rejected: number;
  readonly margin: number;
  readonly rank: number;
  /** Start of the last user turn; null if the dataset no longer contains the pair. */
  readonly prompt: string | null;
  /** The numbers in the columns that the query asks for; null where the row has none. */
  readonly file: Readonly<Record<FileNumber, number | null>>;
}

/** Bin edges (n + 1), and of each bin the number of all pairs and of those that the filter shows. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly shown: readonly number[];
}

export interface PairsPage {
  readonly total: number;
  readonly shown: number;
  /** Of all pairs, those with a margin below 0. */
  readonly negative: number;
  readonly rows: readonly RewardRow[];
  readonly histogram: Histogram;
  /** Of each column that the query asks for, how many of all pairs have no number, and why. */
  readonly columns: readonly (FileCounts & { readonly name: FileNumber })[];
}

/** The columns of the dataset that have numbers; why they are not known, if it cannot be read. */
export interface DatasetColumns {
  readonly names: readonly FileNumber[];
  readonly problem: string | null;
}

/** The numbers of a scatter. `shade`: what colours its points; null: the sign of the margin. */
export interface ScatterAxes {
  readonly x: ShownNumber;
  readonly y: ShownNumber;
  readonly shade: ShownNumber | null;
}

/** Two numbers of the shown pairs that have both: few as points, many as a grid of counts. */
export type Scatter = {
  /** The smallest and the largest value; 0 and 0 without pairs. */
  readonly rangeX: readonly [number, number];
  readonly rangeY: readonly [number, number];
  /** A third number of each point, or its mean in each cell, and its range; NaN: it has none. Null: nobody asked. */
  readonly shade: { readonly values: Float64Array; readonly range: readonly [number, number] } | null;
} & (
  | {
      readonly kind: 'points';
      /** The place of each point's pair among the shown pairs, in the order of the query. */
      readonly index: Int32Array;
      readonly x: Float64Array;
      readonly y: Float64Array;
    }
  /** Rows of counts from the lowest y up; the ranges are cut into cells of equal width. */
  | { readonly kind: 'density'; readonly counts: Uint32Array }
);

/** The rewards of a pair at the scored steps of its run; NaN where it was not scored. */
export interface PairTrend {
  readonly steps: readonly number[];
  readonly margins: Float64Array;
  readonly chosen: Float64Array;
  readonly rejected: Float64Array;
  /** Margins that training steps saw, in the order of the steps; none for the pairs of a list. */
  readonly visits: readonly { readonly step: number; readonly margin: number }[];
}

/** The pairs with a number from `low` up to `high`. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
  /** Whether `high` is part of it. */
  readonly isClosed: boolean;
}

/** A group of pairs: by their training dynamics, or by a number. */
export interface PairGroup {
  /** `range` null: the pairs without that number. */
  readonly group: DynamicsGroup | { readonly by: ShownNumber; readonly range: NumberRange | null };
  /** The number of its pairs among the shown ones. */
  readonly count: number;
  /** The filter that shows them: that of the query, and the group. */
  readonly filter: string;
}

/** What divides pairs into groups. */
export type GroupedBy = 'dynamics' | ShownNumber;

/** A pair whose margin changed, with its margins at the scored steps. */
export interface Mover {
  readonly row: RewardRow;
  readonly trend: PairTrend;
}

export type RunPanelHost = {
  requests: {
    hello: { params: { folder: string | null }; result: RunDetail };
    /** Shows a run; null follows the newest. */
    select: { params: { folder: string | null }; result: RunDetail };
    /** A few points for charts of this many pixels: a quick answer before {@link points}. */
    curves: { params: { width: number; metrics: readonly string[] }; result: Curves };
    /** All points from an index on, as many as one message holds. */
    points: { params: { from: number; metrics: readonly string[] }; result: CurvePage };
    /** Asks for a note, and pins it to a step. */
    pin: { params: { step: number }; result: null };
    unpin: { params: { step: number }; result: null };
    /** Asks where to save all points of all metrics as CSV, and saves them. */
    saveCurves: { params: null; result: null };
    /** Asks where to save the charts, and saves them. One message, at most a megabyte. */
    savePicture: { params: { kind: 'svg' | 'png'; content: string }; result: null };
    /** Keeps the settings of the curves for this workspace. */
    remember: { params: CurveMemory; result: null };
    pairs: { params: PairsQuery; result: PairsPage };
    /** At most 5,000 points; for more pairs a grid of so many columns and rows. */
    scatter: {
      params: { query: PairsQuery; axes: ScatterAxes; columns: number; rows: number };
      result: Scatter;
    };
    /** The rewards of one pair over the scored steps. */
    trend: { params: { key: string }; result: PairTrend };
    /** The shown pairs whose margins differ most from those before, the most first. */
    movers: { params: { query: PairsQuery; count: number }; result: readonly Mover[] };
    /**
     * By training dynamics all groups in the order of their table; none if fewer than two steps after the start are
     * scored. By a number: its few values, or four groups with about as many pairs each.
     */
    groups: { params: { query: PairsQuery; by: GroupedBy }; result: readonly PairGroup[] };
    /** The columns of the dataset that can be shown beside rewards. */
    datasetColumns: { params: null; result: DatasetColumns };
    /** Other runs that the shown one can be compared with, the newest first. */
    others: { params: null; result: readonly ScoredRun[] };
    /** The position of a pair in the result of the query; null if it was not scored or the filter hides it. */
    locate: { params: { query: PairsQuery; key: string }; result: number | null };
    /** Opens the dataset in the pair editor with a filter, and with the rewards of a step beside those of another. */
    showInEditor: { params: Pick<PairsQuery, 'filter' | 'step' | 'before' | 'beforeRun'>; result: null };
    /** Asks where to save the shown pairs as CSV, and saves them. */
    savePairs: { params: PairsQuery; result: null };
    /** The weights of the pairs in the gradient under a choice; null while no run is shown. */
    gradient: { params: { step: number; choice: GradientChoice }; result: GradientPage | null };
    samples: { params: { step: number }; result: readonly Sample[] };
    log: { params: { lines: number }; result: string };
    control: { params: { want: 'pause' | 'run' | 'stop' }; result: null };
    /** Opens the dataset at the row of the pair, which is found by its key. */
    openPair: { params: { key: string; line: number }; result: null };
    /** Shows the rewards of the tokens of a pair. `row`: the index of its line when it was scored. */
    tokens: { params: { step: number; key: string; row: number }; result: null };
    command: {
      params: {
        name:
          | 'train'
          | 'resume'
          | 'takeOutOfQueue'
          | 'openLog'
          | 'openConfig'
          | 'openDataset'
          | 'openEditor'
          | 'score'
          | 'cancelScoring'
          | 'compareModels'
          | 'findSuspects';
      };
      result: null;
    };
  };
  events: {
    /** The shown run has changed: request it again. Sent at most once a second while changes go on. */
    changed: { revision: number };
  };
};

export type RunPanelView = {
  requests: Record<never, never>;
  events: Record<never, never>;
};
