/** What views and the command line show of compared runs, as data. */

/** The value of a run in a column; null: it has none. */
export type RunValue = number | string | null;

/** A column of a table of runs, as it is shown. */
export interface ShownColumn {
  readonly id: string;
  /** The head of the column. */
  readonly label: string;
  /** What the column has, in a sentence or two. */
  readonly title: string;
  /** Which values are better, where that can be said. */
  readonly better: 'low' | 'high' | null;
  /** How a number is written. `share`: as a percentage; `change`: with its sign. */
  readonly format: 'plain' | 'whole' | 'share' | 'change' | 'time' | 'seconds' | 'bytes';
}

/** The value of one run for a key. */
export interface ConfigValue {
  /** As a person reads it; `null` for none. */
  readonly text: string;
  /** Whether it is what the run would have had without this key. */
  readonly isDefault: boolean;
}

/** A key in which runs differ. */
export interface ConfigDifference {
  readonly name: string;
  /** What the key does; null for what is not a key, as the files of the model. */
  readonly help: string | null;
  /** [runs] */
  readonly values: readonly ConfigValue[];
}

/** What happened to a pair between two runs. */
export type PairChange = 'added' | 'removed' | 'changed';

/** The order of pairs that two runs scored. `difference`: by the size of the change of their margin. */
export type MarginOrder = 'line' | 'first' | 'second' | 'difference';

/** A prompt with the model's answers before the first step and after a step. */
export interface RunSample {
  readonly step: number;
  readonly prompt: string;
  readonly before: string;
  readonly after: string;
}
