import { at } from '../../base/pure/must';
import { duelText } from './duelText';
import type { ModelComparison, ModelScore } from './modelComparison';
import { isRewardBenchSubset, type SectionScore, sectionScores } from './rewardBench';
import type { ValueMeasure } from './valueMeasure';
import { counted } from '../../base/pure/counted';

/** What is not compared, counted. */
export interface LeftOut {
  ties: number;
  /** Rows that hold no pair: judged answers, and rows that cannot be used. */
  rows: number;
  /** How many of these rows are judged answers, whose single answer is not preferred to another. */
  judged: number;
  /** Pairs that a model did not score, by its name. */
  readonly notScored: Map<string, number>;
}

/** How often one model is right. */
export interface ModelResult {
  readonly accuracy: number;
  /** The ends of the 95 % interval of the accuracy, by Wilson. */
  readonly low: number;
  readonly high: number;
  readonly right: number;
  readonly ties: number;
  readonly mean_margin: number;
}

/** By the name of the model. */
type ByModel<T> = Readonly<Record<string, T>>;

export interface SliceResult {
  readonly slice: string;
  readonly pairs: number;
  readonly models: ByModel<ModelResult>;
}

/** Two models held against each other. `p` and `text` are of McNemar's exact test. */
export interface DuelResult {
  readonly models: readonly [first: string, second: string];
  readonly both_right: number;
  readonly only_first: number;
  readonly only_second: number;
  readonly both_wrong: number;
  readonly p: number;
  readonly text: string;
}

/** A comparison as data: the last line of `margin compare --json`, and what the view shows. */
export interface ComparisonResult {
  readonly measure: ValueMeasure;
  readonly pairs: number;
  readonly left_out: {
    readonly ties: number;
    readonly rows_without_a_pair: number;
    readonly judged_answers: number;
    readonly not_scored: ByModel<number>;
  };
  readonly models: ByModel<ModelResult>;
  /** The key path of the column by whose values pairs are counted; it is missing, as `slices`, without one. */
  readonly slice_key?: string;
  readonly slices?: readonly SliceResult[];
  readonly duels: readonly DuelResult[];
  /** The sections of RewardBench, or the subsets of RewardBench 2 with their mean; only of such files. */
  readonly sections?: ByModel<readonly SectionScore[]>;
}

/**
 * A comparison as data.
 *
 * @param sliceKey null: the pairs are not divided
 * @param sections [models] scores of RewardBench or RewardBench 2; null: the file is of neither
 */
export function comparisonResult(
  comparison: ModelComparison,
  measure: ValueMeasure,
  { ties, rows, judged, notScored }: LeftOut,
  sliceKey: string | null,
  sections: readonly (readonly SectionScore[])[] | null,
): ComparisonResult {
  const { names, pairs } = comparison;
  const byName = <T>(values: readonly T[]): ByModel<T> =>
    Object.fromEntries(values.map((value, i) => [at(names, i), value]));
  const models = (scores: readonly ModelScore[]): ByModel<ModelResult> => byName(scores.map(modelResult));
  const slices = comparison
    .bySlice()
    .map(({ slice, pairs: count, scores }) => ({ slice, pairs: count, models: models(scores) }));
  const duels = comparison.eachTwo().map((duel): DuelResult => ({
    models: [at(names, duel.first), at(names, duel.second)],
    both_right: duel.bothRight,
    only_first: duel.onlyFirst,
    only_second: duel.onlySecond,
    both_wrong: duel.bothWrong,
    p: duel.p,
    text: duelText(duel, names),
  }));
  const not_scored = Object.fromEntries(notScored);
  return {
    measure,
    pairs,
    left_out: { ties, rows_without_a_pair: rows, judged_answers: judged, not_scored },
    models: models(comparison.scores()),
    ...(sliceKey === null ? {} : { slice_key: sliceKey, slices }),
    duels,
    ...(sections === null ? {} : { sections: byName(sections) }),
  };
}

function modelResult({ accuracy: { share, low, high }, right, ties, meanMargin }: ModelScore): ModelResult {
  return { accuracy: share, low, high, right, ties, mean_margin: meanMargin };
}

/** [models] the sections of RewardBench; null if the slices are not its subsets. */
export function sectionsByModel(comparison: ModelComparison): readonly (readonly SectionScore[])[] | null {
  const slices = comparison.bySlice();
  if (slices.length === 0 || !slices.every(({ slice }) => isRewardBenchSubset(slice))) return null;
  return comparison.names.map((_, i) =>
    sectionScores(new Map(slices.map(({ slice, scores }) => [slice, at(scores, i).accuracy.share]))),
  );
}

/** What is left out, in a sentence; null if nothing is. */
export function leftOutText({ ties, rows, judged, notScored }: LeftOut): string | null {
  const parts = [
    ...(ties > 0 ? [counted(ties, 'tie')] : []),
    ...(judged > 0 ? [`${counted(judged, 'judged answer')}, which no other answer stands beside`] : []),
    ...(rows > judged ? [`${counted(rows - judged, 'row')} without a pair`] : []),
    ...[...notScored].flatMap(([name, pairs]) =>
      pairs > 0 ? [`${counted(pairs, 'pair')} that ${name} did not score`] : [],
    ),
  ];
  return parts.length === 0 ? null : `Left out: ${parts.join(', ')}.`;
}
