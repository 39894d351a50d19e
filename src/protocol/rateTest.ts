/** A step of a learning-rate range test. */
export interface RateStep {
  /** From 1. */
  readonly step: number;
  readonly rate: number;
  /** The loss of the step's pairs, before its update. */
  readonly loss: number;
  /** The de-biased moving average of the loss. */
  readonly smoothed: number;
}

/** The learning-rate range test of a config. `points`: the steps so far. */
export type RateState =
  /** None was asked for. */
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly points: readonly RateStep[]; readonly doing: string }
  | { readonly kind: 'stopped'; readonly points: readonly RateStep[] }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'done';
      readonly points: readonly RateStep[];
      /** The suggested rate; null: the curve shows none. */
      readonly suggested: number | null;
      /** Where the smoothed loss falls fastest. */
      readonly steepest: number | null;
      /** One tenth of the rate with the lowest smoothed loss. */
      readonly tenth: number | null;
      /** What the result is worth, a sentence each. */
      readonly notes: readonly string[];
    };
