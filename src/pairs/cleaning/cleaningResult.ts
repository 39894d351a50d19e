import type { Proportion } from '../statistics/proportion';
import type { Rate } from '../suspects/flipOdds';

/** `as-is`: all rows. `cleaned`: without suspected rows. `random`: without as many rows that were drawn at random. */
export const armNames = ['as-is', 'cleaned', 'random'] as const;
export type ArmName = (typeof armNames)[number];

export const cleaningVerdicts = ['pays', 'does-not-pay', 'cannot-be-told'] as const;
export type CleaningVerdict = (typeof cleaningVerdicts)[number];

/** Runs with different seeds on the same rows. */
export interface ArmResult {
  readonly name: ArmName;
  /** Rows that count in training. */
  readonly rows: number;
  /** The share of held-out rows on which the margin is above 0, over all seeds. */
  readonly accuracy: Proportion;
  /** The same on the held-out rows that are called clean; null if none are told apart. */
  readonly clean: Proportion | null;
  /** [seeds] the accuracy of each run. */
  readonly bySeed: readonly number[];
  /** [seeds] the names of the run folders. */
  readonly runs: readonly string[];
}

/** How much more often the cleaned runs are right than others, with the 95 % interval; all are shares. */
export interface CleaningGain {
  readonly over: Exclude<ArmName, 'cleaned'>;
  /** The held-out rows on which: all, or those that are called clean. */
  readonly on: 'all' | 'clean';
  readonly gain: number;
  readonly low: number;
  readonly high: number;
  /** Of the paired test over seeds and rows, two-sided. */
  readonly p: number;
}

/** Whether it pays to leave suspected rows out: what `margin cleaning` saves beside the data. */
export interface CleaningResult {
  readonly version: 1;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly verdict: CleaningVerdict;
  /** The verdict in a sentence, with its figures. */
  readonly text: string;
  /** How far it can be trusted, a sentence each. */
  readonly notes: readonly string[];
  /** Rows to train on, how many of them are left out, and the share of flipped labels among them. */
  readonly train: { readonly rows: number; readonly flipped: number; readonly noise: Rate };
  /** Held-out pairs, and how many of them are called clean; null if that is not known. */
  readonly held: { readonly rows: number; readonly clean: number | null };
  readonly seeds: number;
  /** Optimizer steps of each run; 0 without runs. */
  readonly steps: number;
  /** None if so few rows are suspected that no run is needed. */
  readonly arms: readonly ArmResult[];
  readonly gains: readonly CleaningGain[];
}
