import { at } from '../../base/pure/must';
import { writtenPath } from '../query/parsePath';
import { type Bias, biasOf, fewestPrompts } from './bias';
import type { Chart, MissingChart } from './chart';
import { type LabelName, labelNames, type NumberName, numberNames, type StartName, startNames } from './measuredRow';
import type { Counts, MeasuredPage } from './measuredPage';
import { numberChart } from './numberChart';
import { markChart, type OtherCounts, tokenCharts } from './others';
import { type Proportion, proportion } from './proportion';
import { repeatChart, repeatsIn } from './repeats';
import { fieldSeries, valueChart } from './valueChart';

/** How the longer answer fares. */
export interface LongerSide {
  /** Pairs whose answers have different lengths. */
  readonly compared: number;
  readonly wins: Proportion;
}

/** The statistics of a preference file, or of some of its rows. */
export interface Statistics {
  /** Rows without blank lines. */
  readonly rows: number;
  /** Rows with answers. */
  readonly answered: number;
  readonly ties: number;
  /** Rows with two answers of which one is better. */
  readonly pairs: number;
  /** Null if no pair has answers of different length. */
  readonly longer: LongerSide | null;
  readonly charts: readonly Chart[];
  readonly missing: readonly MissingChart[];
  /** Null if there are too few pairs; then `missing` says so. */
  readonly bias: Bias | null;
}

/** Computes the statistics of what was measured. For a million rows it takes some seconds. */
export function statisticsOf(page: MeasuredPage, others: OtherCounts): Statistics {
  const number = (name: NumberName): Float64Array => at(page.numbers, numberNames.indexOf(name));
  const bias = biasOf(page);
  const found = [
    ...lengthCharts(number, page.row.length),
    ...tokenCharts(others.tokens),
    ...rowCharts(page, number('turns')),
    ...scoreCharts(page, number),
    ...startCharts(page),
    page.row.length === 0 ? null : repeatChart(repeatsIn(page), page.row.length),
    markChart(page.rows, others.marks),
  ];
  const charts = found.filter((chart) => chart !== null);
  return {
    rows: page.rows,
    answered: page.row.length,
    ties: page.ties,
    pairs: page.compared.length,
    longer: longerSide(page),
    charts,
    missing: missingCharts(charts, others.tokens, bias, page),
    bias,
  };
}

function lengthCharts(number: (name: NumberName) => Float64Array, rows: number): (Chart | null)[] {
  const ofAnswers = {
    id: 'lengths',
    title: 'Length of the answers',
    about: 'Characters of all turns of an answer. Of a list, its first pair counts.',
  };
  return [
    numberChart(
      ofAnswers,
      (['chosen', 'rejected'] as const).map((name) => ({ name, sum: `len(${name})`, values: number(name) })),
      rows,
    ),
    numberChart(
      { id: 'gap', title: 'Length gap', about: 'Characters of chosen minus characters of rejected.' },
      [{ name: 'rows', sum: 'gap', values: number('gap') }],
      rows,
    ),
    numberChart(
      { id: 'prompt', title: 'Length of the prompt', about: 'Characters of all turns of the prompt.' },
      [{ name: 'rows', sum: 'len(prompt)', values: number('prompt') }],
      rows,
    ),
  ];
}

const labelTexts: Readonly<Record<LabelName, Pick<Chart, 'title' | 'about'>>> = {
  model: { title: 'Models', about: 'Models that wrote an answer, as the rows name them. A row counts for each.' },
  source: { title: 'Sources', about: 'Where rows come from: the columns source, dataset, origin or subset.' },
  lang: {
    title: 'Languages',
    about: 'Languages of the answers by ISO 639-1. A short text, or one that is mostly code, is unknown.',
  },
  script: {
    title: 'Scripts',
    about: 'Scripts of the answers, by nine of ten letters. Languages can share one.',
  },
  format: { title: 'Formats', about: 'The formats in which the rows are read.' },
  kind: { title: 'Kinds', about: 'Pairs, judged answers, or lists of answers.' },
};

function rowCharts(page: MeasuredPage, turns: Float64Array): (Chart | null)[] {
  const about = 'Turns of the prompt without a system turn, and of the longer answer.';
  return [
    numberChart(
      { id: 'turns', title: 'Turns', about },
      [{ name: 'rows', sum: 'turns', values: turns }],
      page.row.length,
    ),
    ...labelNames.map((name, i): Chart | null => {
      const without = at(page.unlabelled, i);
      const facts = without > 0 ? [`${without.toLocaleString('en')} rows without`] : [];
      return valueChart({ id: name, ...labelTexts[name] }, [fieldSeries(name, at(page.labels, i))], facts);
    }),
  ];
}

function scoreCharts(page: MeasuredPage, number: (name: NumberName) => Float64Array): (Chart | null)[] {
  const [chosen, rejected] = [number('scoreChosen'), number('scoreRejected')];
  return [
    numberChart(
      { id: 'scores', title: 'Scores', about: 'The score or rating that the row itself gives each answer.' },
      [
        { name: 'chosen', sum: 'score(chosen)', values: chosen },
        { name: 'rejected', sum: 'score(rejected)', values: rejected },
      ],
      page.row.length,
    ),
    ...page.columns.map(([key, values]) =>
      numberChart(
        { id: `column ${key}`, title: `Column ${key}`, about: `The number in the column ${key}.` },
        [{ name: 'rows', sum: writtenPath([key]), values }],
        page.row.length,
      ),
    ),
  ];
}

function startCharts(page: MeasuredPage): (Chart | null)[] {
  const counts = (name: StartName): Counts => at(page.starts, startNames.indexOf(name));
  const query = (side: string) => (words: string) => `starts(${side}):${JSON.stringify(words)}`;
  return ([1, 3] as const).map((count) => {
    const several = count === 3 ? 'First three words' : 'First word';
    return valueChart(
      { id: `starts${count}`, title: `${several} of answers`, about: `${several} of the first turn of an answer.` },
      (['chosen', 'rejected'] as const).map((side) => ({
        name: side,
        counts: counts(`${side}${count}`).filter(([, often]) => often > 1),
        query: query(side),
      })),
    );
  });
}

function longerSide({ features, compared }: MeasuredPage): LongerSide | null {
  const width = compared.length === 0 ? 1 : features.length / compared.length;
  let [wins, losses] = [0, 0];
  for (let i = 0; i < features.length; i += width) {
    if (at(features, i) > 0) wins++;
    if (at(features, i) < 0) losses++;
  }
  const count = wins + losses;
  return count === 0 ? null : { compared: count, wins: proportion(wins, count) };
}

function missingCharts(
  charts: readonly Chart[],
  tokens: OtherCounts['tokens'],
  bias: Bias | null,
  { compared, asked }: MeasuredPage,
): MissingChart[] {
  const has = (id: string): boolean => charts.some((chart) => chart.id === id);
  const reasons: readonly (readonly [string, string, string])[] = [
    ['scores', 'Scores', 'No row has a score of its answers.'],
    ['model', 'Models', 'No row names a model.'],
    ['source', 'Sources', 'No row has a column source, dataset, origin or subset.'],
    ['marks', 'Marks', 'No row is marked.'],
  ];
  const prompts = new Set(asked).size;
  const few = `${compared.length} pairs of ${prompts} different prompts are too few to fit: ${fewestPrompts} prompts are needed.`;
  return [
    ...(typeof tokens === 'string' ? [{ title: 'Tokens', reason: tokens }] : []),
    ...reasons.flatMap(([id, title, reason]) => (has(id) ? [] : [{ title, reason }])),
    ...(bias === null ? [{ title: 'Bias', reason: few }] : []),
  ];
}
