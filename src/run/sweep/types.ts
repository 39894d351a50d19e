import type { TrainConfig } from '../types';

/** The version of sweep.json. A reader refuses a newer one. */
export const sweepVersion = 1;

export type SweepMethod = 'grid' | 'random' | 'halving';

/** The values that a key takes. */
export type SweepAxis =
  | { readonly key: keyof TrainConfig; readonly values: readonly unknown[] }
  | {
      readonly key: keyof TrainConfig;
      readonly from: number;
      readonly to: number;
      readonly scale: 'log' | 'linear';
      readonly integer: boolean;
    };

/** An evaluation of a trial. */
export interface TrialResult {
  readonly step: number;
  readonly value: number;
}

/**
 * The state of a trial: `waiting` for its first start or, with `halving`, for the others at its step; `dropped` by a
 * decision of `halving`; `skipped`, because the budget was used up.
 */
export type TrialState = 'waiting' | 'running' | 'done' | 'dropped' | 'failed' | 'skipped';

export interface Trial {
  readonly index: number;
  /** The keys that differ from the base config. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Its run folder; null before its first start. */
  readonly run: string | null;
  readonly state: TrialState;
  /** With `halving`: the number of rungs that it has reached. */
  readonly rung: number;
  /** The newest result; null before the first. */
  readonly result: TrialResult | null;
  /** Seconds that its process ran. */
  readonly seconds: number;
  /** Why it failed. */
  readonly error: string | null;
}

/** The content of sweep.json, which is replaced atomically. */
export interface Sweep {
  readonly version: number;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly base: TrainConfig;
  readonly method: SweepMethod;
  readonly axes: readonly SweepAxis[];
  readonly seed: number;
  /** Minutes of training of all trials together; null: no limit. */
  readonly budget: number | null;
  /** The metric of evaluations that decides, with `eval_`. */
  readonly metric: string;
  readonly greater_is_better: boolean;
  /** With `halving`: the steps at which trials are compared; the last is the end of a run. */
  readonly rungs: readonly number[];
  /** With `halving`: one of so many trials goes on at each rung. */
  readonly eta: number;
  /** Held-out pairs of each trial; null: not known yet. */
  readonly held_out: number | null;
  readonly trials: readonly Trial[];
}
