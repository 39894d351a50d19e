/** A bar of a chart: a value or a range of numbers, with a count for each series. */
export interface Bar {
  readonly label: string;
  /** The bounds of a range of numbers, the upper one not included; null: no bound, or no number. */
  readonly from: number | null;
  readonly to: number | null;
  readonly counts: readonly number[];
  /** The queries that find the rows of each count; null if the filter cannot say it. */
  readonly queries: readonly (string | null)[];
}

/** How some property of the rows is distributed. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What is counted, in a sentence. */
  readonly about: string;
  /** `numbers`: the bars are ranges in order. `values`: the most frequent first. */
  readonly kind: 'numbers' | 'values';
  /** Names of the series; a single one needs no legend. */
  readonly series: readonly string[];
  readonly bars: readonly Bar[];
  /** Sentences about the distribution: quantiles, what is missing or left out. */
  readonly facts: readonly string[];
}

/** A chart that cannot be drawn, and why. */
export interface MissingChart {
  readonly title: string;
  readonly reason: string;
}
