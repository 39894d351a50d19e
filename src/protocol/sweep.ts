import type { TrialState } from '../run/sweep/types';

/** A mark on an axis; `at` goes from 0, its low end, to 1. */
export interface AxisTick {
  readonly at: number;
  readonly label: string;
}

export interface SweepAxisView {
  /** The key of the config, or the metric. */
  readonly name: string;
  readonly ticks: readonly AxisTick[];
}

/** A trial of the sweep. */
export interface SweepRow {
  /** From 1. */
  readonly trial: number;
  /** Its values, as texts in the order of the axes. */
  readonly values: readonly string[];
  /** Its places on the axes, of which the last is the metric; null without a result. */
  readonly places: readonly (number | null)[];
  readonly state: TrialState;
  readonly error: string | null;
  readonly run: string | null;
  readonly value: number | null;
  /** The 95 % interval of a share. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly step: number | null;
  readonly minutes: number;
  /** `close`: its interval holds the value of the best trial. */
  readonly rank: 'best' | 'close' | 'other';
}

export interface SweepDetail {
  readonly name: string;
  readonly metric: string;
  readonly greaterIsBetter: boolean;
  /** Those of the keys, then that of the metric. */
  readonly axes: readonly SweepAxisView[];
  readonly rows: readonly SweepRow[];
  /** The result in sentences. */
  readonly sentences: readonly string[];
  /** Whether a process works on it. */
  readonly isRunning: boolean;
  readonly isOver: boolean;
  readonly minutes: number;
  /** Minutes; null: no limit. */
  readonly budget: number | null;
}

export type SweepHost = {
  requests: {
    hello: { params: null; result: SweepDetail };
    openRun: { params: { readonly run: string }; result: null };
    /** The running trial saves and stops. */
    stop: { params: null; result: null };
    resume: { params: null; result: null };
  };
  events: { changed: SweepDetail };
};

export type SweepView = { requests: Record<never, never>; events: Record<never, never> };
