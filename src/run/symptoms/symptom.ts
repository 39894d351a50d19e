import type { CurveColumns } from '../curves';
import type { TrainConfig } from '../types';

/** The data in which symptoms are found. */
export interface ObservedRun {
  /** By TRL's names, see `src/run/README.md`. */
  readonly curves: CurveColumns;
  readonly config: Pick<TrainConfig, 'trainer' | 'beta' | 'max_grad_norm'>;
  /** The number of steps of the whole run; null while unknown. */
  readonly steps: number | null;
  /** The mean length of sampled answers in characters, before training and at the newest sample; null: no samples. */
  readonly answers: { readonly before: number; readonly after: number } | null;
}

/** The pairs behind a symptom, as the run's table of pairs shows them. */
export interface PairsBehind {
  /** The text of the link: `the pairs with the lowest margin`. */
  readonly label: string;
  readonly sort: 'chosen' | 'rejected' | 'margin';
  readonly descending: boolean;
  /** Only pairs with low ≤ margin < high, where a bound may be null; null: all. */
  readonly margins: readonly [low: number | null, high: number | null] | null;
}

/** What is reported about a symptom of a run. */
export interface Finding {
  /** What the curves show, with its numbers, and what it means. Sentences. */
  readonly text: string;
  /** One thing to try. A sentence. */
  readonly advice: string;
  /** Null: no pairs cause it, or none are scored. */
  readonly pairs: PairsBehind | null;
}

/** Something in the curves that a person should know. */
export interface Symptom {
  readonly id: string;
  /** When it is reported, in words. */
  readonly threshold: string;
  /** Where it is described. */
  readonly source: { readonly label: string; readonly url: string };
  /** Null if the run does not have it. */
  readonly find: (run: ObservedRun) => Finding | null;
}

/** A symptom that a run has, as plain data. */
export interface CurveRemark extends Finding {
  readonly id: string;
  readonly source: Symptom['source'];
}

export const lowestMargins: PairsBehind = {
  label: 'the pairs with the lowest margin',
  sort: 'margin',
  descending: false,
  margins: null,
};
