import type { RewardRow } from './runPanel';

/** The choice whose gradient weights are shown. */
export interface GradientChoice {
  /** null: the run's own losses, with their weights. */
  readonly objective: string | null;
  readonly beta: number;
  readonly rate: number;
}

/** The parts of the pairs, the heaviest first, of which {@link GradientSpread} has shares. */
export const gradientParts = [0.01, 0.05, 0.2] as const;

/** How the gradient is spread over the pairs under one choice. */
export interface GradientSpread {
  /** The mean weight of a pair: |∂loss/∂margin|, for DPO σ(−margin). */
  readonly mean: number;
  /** For each of {@link gradientParts}: what these pairs carry of the gradient, from 0 to 1. */
  readonly shares: readonly number[];
  /** How many of the heaviest pairs carry half of the gradient together. */
  readonly half: number;
}

/** A pair of the largest weights. */
export interface GradientRow {
  readonly row: RewardRow;
  readonly weight: number;
  /** Its part of the gradient, from 0 to 1. */
  readonly share: number;
  /** Its weight with the run's own choice; null if that has none. */
  readonly own: number | null;
}

export interface GradientPage {
  /** The run's own choice. */
  readonly run: { readonly losses: readonly string[]; readonly beta: number; readonly rate: number };
  /** The objectives that can be chosen besides the run's own losses. */
  readonly objectives: readonly string[];
  /** Keys of the run that change weights and are not part of these. */
  readonly leftOut: readonly string[];
  readonly pairs: number;
  /** Under the choice; a text says why it has no weights. */
  readonly spread: GradientSpread | string;
  /** Under the run's own choice; null if it has none. */
  readonly own: GradientSpread | null;
  /** Bin edges (n + 1) of weights, and the pairs in each bin (n) under the choice and under the run's own. */
  readonly histogram: {
    readonly edges: readonly number[];
    readonly counts: readonly number[];
    readonly own: readonly number[];
  };
  readonly rows: readonly GradientRow[];
  /** The margins that the pairs with half of the gradient have, and no others; null if others lie between. */
  readonly halfMargins: readonly [low: number | null, high: number | null] | null;
}
