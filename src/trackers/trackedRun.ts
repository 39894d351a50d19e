import type { RunEvent } from '../run/types';

/** The programs whose runs Margin reads beside its own. */
const trackerNames = ['trl', 'tensorboard', 'trackio'] as const;
export type TrackerName = (typeof trackerNames)[number];

/** The points of a run: the events that carry metrics. */
export type PointEvent = Extract<RunEvent, { readonly kind: 'train' | 'eval' }>;

/** A run that another program has logged, as far as its files say. */
export interface TrackedRun {
  readonly tracker: TrackerName;
  /** The file or folder that holds the run. */
  readonly path: string;
  readonly name: string;
  /** Milliseconds since 1970; null: the files do not say. */
  readonly created: number | null;
  /** The settings that the files state. No default is filled in. */
  readonly config: Readonly<Record<string, ConfigValue>>;
  /** In the order of the files, with TRL's metric names. */
  readonly events: readonly PointEvent[];
  /** Whether `t` of the events is a time. Without times it is 0. */
  readonly hasTimes: boolean;
  /** A sentence for each thing in the files that is not read. */
  readonly remarks: readonly string[];
}

export type ConfigValue = string | number | boolean | null | readonly ConfigValue[];

/** A run of Margin, as it is written for another program. */
export interface LoggedRun {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly events: readonly PointEvent[];
}
