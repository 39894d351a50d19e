import { type ComparisonResult, leftOutText } from '../../pairs/comparison/comparisonResult';
import type { ValueMeasure } from '../../pairs/comparison/valueMeasure';
import type { Reading } from '../../pairs/reading';
import type { ModelSource } from '../../protocol/modelComparison';
import { readingOptions } from '../reading/commandOptions';
import { ComparedPairs, type ComparedPair } from './comparedPairs';

export interface FoundComparison {
  readonly names: readonly string[];
  /** The paths of the models' rewards. */
  readonly ids: readonly string[];
  readonly result: ComparisonResult;
  readonly pairs: ComparedPairs;
  /** What is left out, in a sentence; null if nothing is. */
  readonly leftOut: string | null;
}

export interface Compared {
  readonly file: string;
  readonly reading: Reading;
  /** At least two. */
  readonly models: readonly Pick<ModelSource, 'id' | 'label'>[];
  readonly measure: ValueMeasure;
  /** The key path of the column that divides the file; null: as the command decides. */
  readonly slice: string | null;
}

/** A line of `margin compare --json`: a pair, the result, or an error. */
type Line = { readonly error: { readonly message: string } } | { readonly comparison: ComparisonResult } | ComparedPair;

/** The arguments of `margin` that compare models. */
export function comparisonArguments({ file, reading, models, measure, slice }: Compared): readonly string[] {
  return [
    ...['compare', file, '--json', '--measure', measure],
    ...['--rewards', ...models.map(({ id }) => id)],
    // A label may begin with dashes.
    ...models.map(({ label }) => `--name=${label}`),
    ...(slice === null ? [] : ['--slice', slice]),
    ...readingOptions(reading),
  ];
}

/** Collects the lines of the command. */
export class ComparisonLines {
  private readonly names: readonly string[];
  private readonly pairs: ComparedPairs;
  result: ComparisonResult | null = null;
  failure = '';

  constructor(
    private readonly models: Compared['models'],
    private readonly onPairs: (pairs: number) => void,
  ) {
    this.names = models.map(({ label }) => label);
    this.pairs = new ComparedPairs(this.names);
  }

  take(line: string): void {
    const said = JSON.parse(line) as Line;
    if ('error' in said) this.failure = said.error.message;
    else if ('comparison' in said) this.result = said.comparison;
    else {
      this.pairs.add(said);
      this.onPairs(this.pairs.count);
    }
  }

  comparison(result: ComparisonResult): FoundComparison {
    const { ties, rows_without_a_pair: rows, judged_answers: judged, not_scored: by } = result.left_out;
    const leftOut = leftOutText({ ties, rows, judged, notScored: new Map(Object.entries(by)) });
    return { names: this.names, ids: this.models.map(({ id }) => id), result, pairs: this.pairs, leftOut };
  }
}
