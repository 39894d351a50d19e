/** A measurement of all pairs: the model of a run after some steps. */
export interface Measurement {
  /** The name of the run, or of the file of rewards. */
  readonly run: string;
  /** Optimizer steps; null if the file of rewards does not say. */
  readonly step: number | null;
}

/** What was measured of a pair, as its file of rewards has it. */
export interface MeasuredPair {
  /** [measurements] null where the pair was not scored. */
  readonly margins: (number | null)[];
  /** The mean log-prob of a token under the reference, chosen minus rejected, in nats. */
  readonly baseGap: number;
}

/**
 * What is known of the label of a row. Each number is one of the chosen answer minus one of the rejected answer, so a
 * swap negates it.
 */
export interface RowSignals {
  /** Index of the row in its file, from 0. */
  readonly row: number;
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** The key of the pair. */
  readonly key: string;
  /** [measurements] the reward margin; null where the pair was not scored. At least one is a number. */
  readonly margins: readonly (number | null)[];
  /** The mean log-prob of a token under the model before training, in nats: the perplexity gap. */
  readonly baseGap: number;
  /** The score that the row gives its answers; null if it gives none. */
  readonly scoreGap: number | null;
  /** Values of the columns by which rates are told, in the order of those columns; null where a row has none. */
  readonly groups: readonly (string | null)[];
}

/** Rows that have the same prompt and answers, of which some prefer the one answer and some the other. */
export interface Contradiction {
  /** Indices among the signals. */
  readonly better: readonly number[];
  readonly worse: readonly number[];
}
