import { at } from '../base/pure/must';
import { duelText } from '../pairs/comparison/duelText';
import type { ModelComparison, ModelScore } from '../pairs/comparison/modelComparison';
import { isRewardBenchSubset, sectionScores, type SectionScore } from '../pairs/comparison/rewardBench';
import type { ValueMeasure } from '../reward/answerValue';
import { table } from './table';

/** A pair on which the models differ. */
export interface Flip {
  readonly line: number;
  readonly key: string;
  readonly margins: readonly number[];
}

/** What is not compared, counted. */
export interface LeftOut {
  ties: number;
  /** Rows that hold no pair: judged answers, and rows that cannot be used. */
  rows: number;
  /** Pairs that a model did not score, by its name. */
  readonly notScored: Map<string, number>;
}

/** Most slices that are printed; --json has all. */
const shownSlices = 40;

const measureTexts: Readonly<Record<ValueMeasure, string>> = {
  reward: 'implicit reward',
  avg: 'mean log-prob of a token (no reference)',
  sum: 'log-prob of the answer (no reference)',
  norm: 'minus the norm of the log-probs of the tokens (no reference)',
};

/** The comparison for people. */
export function comparisonText(
  comparison: ModelComparison,
  measure: ValueMeasure,
  leftOut: LeftOut,
  sliceKey: string | null,
  flips: readonly Flip[],
  shownFlips: number,
): string {
  const { names } = comparison;
  return [
    `${counted(comparison.pairs, 'pair')} · an answer’s value: ${measureTexts[measure]}`,
    ...leftOutTexts(leftOut),
    '',
    table(
      ['model', 'right', '95 %', 'ties', 'mean margin'],
      comparison.scores().map((score, i) => cells(at(names, i), score)),
    ),
    '',
    ...comparison.eachTwo().map((duel) => duelText(duel, names)),
    ...sliceTexts(comparison, sliceKey),
    ...sectionTexts(comparison),
    ...flipTexts(names, flips, shownFlips),
  ].join('\n');
}

/** The same as data. */
export function comparisonJson(
  comparison: ModelComparison,
  measure: ValueMeasure,
  { ties, rows, notScored }: LeftOut,
  sliceKey: string | null,
): object {
  const { names, pairs } = comparison;
  const scores = (of: readonly ModelScore[]): object =>
    Object.fromEntries(
      of.map(({ accuracy: { share, low, high }, right, ties: equal, meanMargin }, i) => [
        at(names, i),
        { accuracy: share, low, high, right, ties: equal, mean_margin: meanMargin },
      ]),
    );
  const slices = comparison
    .bySlice()
    .map((slice) => ({ slice: slice.slice, pairs: slice.pairs, models: scores(slice.scores) }));
  const duels = comparison.eachTwo().map((duel) => ({
    models: [at(names, duel.first), at(names, duel.second)],
    both_right: duel.bothRight,
    only_first: duel.onlyFirst,
    only_second: duel.onlySecond,
    both_wrong: duel.bothWrong,
    p: duel.p,
    text: duelText(duel, names),
  }));
  const sections = sectionsByModel(comparison);
  return {
    measure,
    pairs,
    left_out: { ties, rows_without_a_pair: rows, not_scored: Object.fromEntries(notScored) },
    models: scores(comparison.scores()),
    ...(sliceKey === null ? {} : { slice_key: sliceKey, slices }),
    duels,
    ...(sections === null ? {} : { sections: Object.fromEntries(names.map((name, i) => [name, at(sections, i)])) }),
  };
}

function leftOutTexts({ ties, rows, notScored }: LeftOut): string[] {
  const parts = [
    ...(ties > 0 ? [counted(ties, 'tie')] : []),
    ...(rows > 0 ? [`${counted(rows, 'row')} without a pair`] : []),
    ...[...notScored].flatMap(([name, pairs]) =>
      pairs > 0 ? [`${counted(pairs, 'pair')} that ${name} did not score`] : [],
    ),
  ];
  return parts.length === 0 ? [] : [`Left out: ${parts.join(', ')}.`];
}

function cells(name: string, { accuracy, ties, meanMargin }: ModelScore): string[] {
  const { share, low, high } = accuracy;
  return [name, percent(share), `${percent(low)} – ${percent(high)}`, String(ties), meanMargin.toFixed(4)];
}

function sliceTexts(comparison: ModelComparison, sliceKey: string | null): string[] {
  if (sliceKey === null) return [];
  const slices = comparison.bySlice();
  const rows = slices
    .slice(0, shownSlices)
    .map(({ slice, pairs, scores }) => [
      slice,
      String(pairs),
      ...scores.map(({ accuracy: { share, low, high } }) => `${percent(share)} (${percent(low)} – ${percent(high)})`),
    ]);
  const more = slices.length - rows.length;
  return [
    '',
    table([sliceKey, 'pairs', ...comparison.names], rows),
    ...(more > 0 ? [`… and ${counted(more, 'smaller slice')}; --json has all.`] : []),
  ];
}

/** [models] the sections of RewardBench; null if the slices are not its subsets. */
function sectionsByModel(comparison: ModelComparison): readonly (readonly SectionScore[])[] | null {
  const slices = comparison.bySlice();
  if (slices.length === 0 || !slices.every(({ slice }) => isRewardBenchSubset(slice))) return null;
  return comparison.names.map((_, i) =>
    sectionScores(new Map(slices.map(({ slice, scores }) => [slice, at(scores, i).accuracy.share]))),
  );
}

function sectionTexts(comparison: ModelComparison): string[] {
  const models = sectionsByModel(comparison);
  if (models === null) return [];
  const rows = at(models, 0).map(({ section }, s) => [
    section,
    ...models.map((sections) => percent(at(sections, s).score)),
  ]);
  const missing = at(models, 0).flatMap((section) => section.missing);
  return [
    '',
    table(['RewardBench section', ...comparison.names], rows),
    ...(missing.length > 0 ? [`Not RewardBench’s own scores: the file lacks ${missing.join(', ')}.`] : []),
  ];
}

function flipTexts(names: readonly string[], flips: readonly Flip[], shown: number): string[] {
  if (flips.length === 0) return ['', 'The models agree on which answer is better in all pairs.'];
  if (shown === 0) return [];
  const spread = ({ margins }: Flip): number => Math.max(...margins) - Math.min(...margins);
  const first = flips.toSorted((a, b) => spread(b) - spread(a)).slice(0, shown);
  return [
    '',
    `The models differ on ${counted(flips.length, 'pair')}${flips.length > shown ? `; the ${shown} largest differences` : ''}:`,
    table(
      ['line', ...names, 'key'],
      first.map(({ line, margins, key }) => [String(line), ...margins.map((margin) => margin.toFixed(4)), key]),
    ),
  ];
}

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
