import { at } from '../base/pure/must';
import { duelText } from '../pairs/comparison/duelText';
import type { ModelComparison, ModelScore } from '../pairs/comparison/modelComparison';
import { type LeftOut, leftOutText } from '../pairs/comparison/comparisonResult';
import type { SectionScore } from '../pairs/comparison/rewardBench';
import { measureTexts, type ValueMeasure } from '../pairs/comparison/valueMeasure';
import { table } from './table';
import { counted } from '../base/pure/counted';

/** A pair on which the models differ. */
export interface Flip {
  readonly line: number;
  readonly key: string;
  readonly margins: readonly number[];
}

/** Most slices that are printed; --json has all. */
const shownSlices = 40;

/** The comparison for people. @param sections [models] scores of RewardBench or RewardBench 2; null: it is neither */
export function comparisonText(
  comparison: ModelComparison,
  measure: ValueMeasure,
  leftOut: LeftOut,
  sliceKey: string | null,
  sections: readonly (readonly SectionScore[])[] | null,
  flips: readonly Flip[],
  shownFlips: number,
): string {
  const { names } = comparison;
  return [
    `${counted(comparison.pairs, 'pair')} · an answer’s value: ${measureTexts[measure]}`,
    ...leftOutLines(leftOut),
    '',
    table(
      ['model', 'right', '95 %', 'ties', 'mean margin'],
      comparison.scores().map((score, i) => cells(at(names, i), score)),
    ),
    '',
    ...comparison.eachTwo().map((duel) => duelText(duel, names)),
    ...sliceTexts(comparison, sliceKey),
    ...sectionTexts(names, sections),
    ...flipTexts(names, flips, shownFlips),
  ].join('\n');
}

function leftOutLines(leftOut: LeftOut): string[] {
  const said = leftOutText(leftOut);
  return said === null ? [] : [said];
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

function sectionTexts(names: readonly string[], models: readonly (readonly SectionScore[])[] | null): string[] {
  if (models === null) return [];
  const rows = at(models, 0).map(({ section }, s) => [
    section,
    ...models.map((sections) => percent(at(sections, s).score)),
  ]);
  const missing = at(models, 0).flatMap((section) => section.missing);
  return [
    '',
    table(['RewardBench section', ...names], rows),
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

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
