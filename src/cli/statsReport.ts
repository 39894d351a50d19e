import type { Bias } from '../pairs/statistics/bias';
import type { Chart } from '../pairs/statistics/chart';
import { biasNote, biasSentence, oddsText, summarySentences } from '../pairs/statistics/sentences';
import type { Statistics } from '../pairs/statistics/statistics';
import { table } from './table';

/** Width of the longest bar in characters. */
const widest = 24;

/** Statistics as text: sentences, then a table of each chart, then the bias. */
export function statisticsText(file: string, statistics: Statistics): string {
  const { charts, missing, bias } = statistics;
  return [
    `${file}:`,
    ...summarySentences(statistics),
    '',
    ...charts.flatMap((chart) => [chartText(chart), '']),
    ...(bias ? [biasText(bias), ''] : []),
    ...missing.map(({ title, reason }) => `${title}: ${reason}`),
  ].join('\n');
}

function chartText({ title, series, bars, facts }: Chart): string {
  const highest = Math.max(1, ...bars.flatMap(({ counts }) => counts));
  const rows = bars.map(({ label, counts }) => [
    label,
    ...counts.flatMap((count) => [String(count), '█'.repeat(Math.round((widest * count) / highest))]),
  ]);
  return [
    title,
    ...facts.map((fact) => `  ${fact}`),
    indented(table(['', ...series.flatMap((name) => [name, ''])], rows)),
  ].join('\n');
}

function biasText(bias: Bias): string {
  const groups = bias.groups.map((group) => {
    const rows = group.weights.map((weight) => [weight.name, oddsText(weight)]);
    const confident = group.confident.map(({ row, chance }) => `${row + 1} (${Math.round(100 * chance)} %)`);
    return [
      biasSentence(group, bias.fitted),
      indented(table(['feature', 'odds for one more unit'], rows)),
      ...(confident.length === 0 ? [] : [`  Most certain rows, with the chance of the label: ${confident.join(', ')}`]),
    ].join('\n');
  });
  return [`Bias of the labels. ${biasNote(bias)}`, ...groups].join('\n');
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
