import type { DuelResult } from '../pairs/comparison/comparisonResult';
import type {
  ConfigDifference,
  MarginOrder,
  PairChange,
  RunSample,
  RunValue,
  ShownColumn,
} from '../run/compared/types';
import type { CurvePage } from '../run/curves';
import type { RunState } from '../run/types';
import type { DuelCell } from './modelComparison';

/** A value of the table with its text. */
export interface RunCell {
  readonly value: RunValue;
  readonly text: string;
}

/** A run as a row of the table. */
export interface RunRow {
  readonly folder: string;
  readonly name: string;
  /** `logged`: by another program. */
  readonly status: RunState['status'] | 'lost' | 'logged';
  readonly tags: readonly string[];
  readonly note: string;
  readonly baseline: boolean;
  /** [columns] */
  readonly cells: readonly RunCell[];
  readonly evaluates: boolean;
  /** Pairs of one optimizer step; NaN: not known. */
  readonly pairsPerStep: number;
  /** The program that logged the run; null: Margin. Notes, pairs and rewards are only of Margin's own runs. */
  readonly program: string | null;
  /** What a filter finds besides the name: model, objective, files. */
  readonly words: string;
  /** A sentence for each file that cannot be read. */
  readonly remarks: readonly string[];
  /** Why the run cannot be read; null if it can. Its cells are empty then. */
  readonly problem: string | null;
}

export interface RunComparisonState {
  readonly revision: number;
  readonly columns: readonly ShownColumn[];
  /** Newest first. */
  readonly runs: readonly RunRow[];
  /** Runs that a command asks to show. It is sent once; null: whatever the view shows. */
  readonly wanted: readonly string[] | null;
}

/** The points of a metric that have one. */
export interface MetricPoints {
  readonly steps: Float64Array;
  /** Seconds since the first point of the run. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** What is to be said of the shown runs. */
export interface RunSentence {
  readonly folder: string;
  readonly name: string;
  /** `warn`: a symptom; `info`: what the comparison with the baseline says. */
  readonly kind: 'warn' | 'info';
  readonly text: string;
  /** One thing to try. */
  readonly advice: string | null;
}

/** Two runs in their order. */
export interface TwoRuns {
  readonly first: string;
  readonly second: string;
}

/** What changed between the pairs of two runs. */
export interface PairChanges {
  /** Why the pairs cannot be compared, in a sentence; null if they can. */
  readonly reason: string | null;
  readonly same: number;
  readonly counts: Readonly<Record<PairChange, number>>;
}

export interface ChangedRow {
  readonly change: PairChange;
  /** The run whose pair it is: the second one, unless the pair was removed. */
  readonly folder: string;
  /** The row from 0, and its key, when the run scored it. */
  readonly row: number;
  readonly key: string;
  /** Start of the last user turn; null if the file no longer holds the pair. */
  readonly prompt: string | null;
}

export interface RunScore {
  readonly name: string;
  /** The step whose rewards are compared. */
  readonly step: number;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  readonly meanMargin: number;
}

/** Which pairs of two runs are compared: those that both hold out, or those that both trained on. */
export type MarginSide = 'held-out' | 'trained';

/** Both runs on the pairs that both scored. */
export interface MarginSummary {
  readonly of: MarginSide;
  /** Why the pairs cannot be compared, in a sentence; null if they can. */
  readonly reason: string | null;
  readonly pairs: number;
  /** Pairs that only one of the two scored. */
  readonly leftOut: number;
  /** First and second run; empty with a reason. */
  readonly scores: readonly RunScore[];
  /** McNemar's test; null with a reason. */
  readonly duel: DuelResult | null;
}

/** The pairs of a cell of {@link MarginSummary.duel} in an order; all with `cell: null`. */
export interface MarginQuery {
  readonly cell: DuelCell | null;
  readonly sort: MarginOrder;
  readonly descending: boolean;
  readonly from: number;
  readonly count: number;
}

/** A scored pair: its row from 0 when it was scored, and its key. */
export interface PlacedPair {
  readonly row: number;
  readonly key: string;
}

export interface MarginRow extends PlacedPair {
  readonly line: number;
  readonly prompt: string | null;
  readonly first: number;
  readonly second: number;
}

/** The newest samples of two runs for one prompt; null: the run has none. */
export interface SamplePair {
  readonly prompt: string;
  readonly first: RunSample | null;
  readonly second: RunSample | null;
}

export type RunComparisonHost = {
  requests: {
    hello: { params: null; result: RunComparisonState };
    /** Points of a run from an index on, as they are; a page stays below 256 KB. */
    points: { params: { folder: string; from: number; metrics: readonly string[] }; result: CurvePage };
    /** Asks where to save all points of these runs as CSV. */
    saveCurves: { params: { folders: readonly string[] }; result: null };
    /** Asks where to save the charts; a PNG is in base64. */
    savePicture: { params: { folders: readonly string[]; kind: 'svg' | 'png'; content: string }; result: null };
    sentences: { params: { folders: readonly string[] }; result: readonly RunSentence[] };
    config: { params: { folders: readonly string[] }; result: readonly ConfigDifference[] };
    pairs: { params: TwoRuns; result: PairChanges };
    changedRows: {
      params: TwoRuns & { change: PairChange | null; from: number; count: number };
      result: readonly ChangedRow[];
    };
    /** `of: null`: held-out pairs if both runs have their rewards, else those that both trained on. */
    margins: { params: TwoRuns & { of: MarginSide | null }; result: MarginSummary };
    marginRows: { params: TwoRuns & MarginQuery & { of: MarginSide }; result: readonly MarginRow[] };
    samples: { params: TwoRuns; result: readonly SamplePair[] };
    /** Makes a run the baseline of its folder, or takes that away. */
    baseline: { params: { folder: string; baseline: boolean }; result: null };
    /** Asks for the tags of runs. */
    tags: { params: { folders: readonly string[] }; result: null };
    /** Asks for the note of a run. */
    note: { params: { folder: string }; result: null };
    /** Asks which columns the table shows. */
    columns: { params: null; result: null };
    openRun: { params: { folder: string }; result: null };
    /** Opens a pair in the pair editor: of the run's held-out file, or of the file that it trained on. */
    openPair: { params: PlacedPair & { folder: string; of: MarginSide }; result: null };
    /** Shows the pairs of a cell in the pair editor, by a filter. */
    showCell: { params: TwoRuns & { of: MarginSide; cell: DuelCell }; result: null };
    /** Shows the changed pairs of a kind in the pair editor, by a filter. */
    showChanged: { params: TwoRuns & { change: PairChange }; result: null };
    /** Opens the view that compares models on the dataset of a run. */
    compareModels: { params: { folder: string }; result: null };
    score: { params: { folder: string }; result: null };
    train: { params: null; result: null };
    /** Asks for runs of other programs to compare with. */
    addOthers: { params: null; result: null };
    /** Takes the runs of another program's file or folder out of the comparison. */
    removeOther: { params: { folder: string }; result: null };
  };
  events: {
    /** The state has changed: ask again. */
    changed: { revision: number };
  };
};

export type RunComparisonView = {
  requests: Record<never, never>;
  events: Record<never, never>;
};
