import type { ChartSpec, Series } from '../shared/chart/series';
import type { Points } from '../shared/runPoints';
import { strings } from './strings';

/** A line of a chart of metrics. */
export interface MetricLine {
  readonly label: string;
  readonly metric: string;
  /** Name of a theme colour. A dash or marks tell lines apart without colours. */
  readonly colour: string;
  readonly dash?: readonly number[];
  /** Draws a dot at each point. */
  readonly marked?: true;
}

export interface MetricChart extends ChartSpec {
  readonly lines: readonly MetricLine[];
  /** Values without noise, which are not smoothed. */
  readonly exact?: true;
}

/** The lines of a chart that have a point; a chart without one is hidden. */
export function linesWithPoints({ lines }: MetricChart, { series }: Pick<Points, 'series'>): readonly MetricLine[] {
  return lines.filter(({ metric }) => series[metric]?.some((value) => !Number.isNaN(value)) === true);
}

/** The series of a chart over an axis of the run. */
export function seriesOf(
  { lines, exact }: MetricChart,
  { steps, series, notNumbers }: Points,
  x: Float64Array,
): Series[] {
  return lines.flatMap(({ metric, ...look }) => {
    const y = series[metric];
    if (y === undefined) return [];
    const bad = notNumbers[metric];
    // Steps and axis are the same column on the usual axis; on others the place of each step is looked up.
    const places = bad?.map((step) => (x === steps ? step : (x[steps.indexOf(step)] ?? Number.NaN)));
    const known = places?.filter((place) => !Number.isNaN(place));
    return [{ ...look, x, y, ...(known ? { notNumbers: known } : {}), ...(exact ? { exact } : {}) }];
  });
}

const dash = [5, 3] as const;
const blue = '--vscode-charts-blue';
const orange = '--vscode-charts-orange';
const green = '--vscode-charts-green';
const red = '--vscode-charts-red';
const chosen = (metric: string): MetricLine => ({ label: 'chosen', metric, colour: green });
const rejected = (metric: string): MetricLine => ({ label: 'rejected', metric, colour: red, dash });
/** The same lines for metrics such as `rewards/chosen_per_token`. */
const perToken = (lines: readonly MetricLine[]): readonly MetricLine[] =>
  lines.map((line) => ({ ...line, metric: `${line.metric}_per_token` }));
const evaluated = (metric: string): MetricLine => ({ label: 'eval', metric, colour: orange, dash, marked: true });
/** Lines of evaluations: colour and dash tell the sides apart, dots tell evaluations from training. */
const evaluatedSides = (metric: string): readonly MetricLine[] => [
  { ...chosen(`${metric}/chosen`), label: 'eval chosen', marked: true },
  { ...rejected(`${metric}/rejected`), label: 'eval rejected', marked: true },
];

const rewards = [chosen('rewards/chosen'), rejected('rewards/rejected'), ...evaluatedSides('eval_rewards')];
const margin = [
  { label: 'train', metric: 'rewards/margins', colour: '--vscode-charts-purple' },
  evaluated('eval_rewards/margins'),
];
const accuracy = [{ label: 'train', metric: 'rewards/accuracies', colour: blue }, evaluated('eval_rewards/accuracies')];
const logps = [chosen('logps/chosen'), rejected('logps/rejected'), ...evaluatedSides('eval_logps')];

/** The charts in reading order. Metrics have TRL's names; those of `per_token_metrics` are Margin's own. */
export const chartSpecs: readonly MetricChart[] = [
  { title: 'loss', lines: [{ label: 'train', metric: 'loss', colour: blue }, evaluated('eval_loss')] },
  { title: 'rewards', signed: 2, lines: rewards },
  { title: 'margin', signed: 2, lines: margin },
  { title: 'accuracy', lines: accuracy },
  { title: 'log-probs', unit: 'nats', signed: 1, lines: logps },
  {
    title: 'KL from the reference',
    unit: 'nats',
    about: strings.about.kl,
    lines: [{ ...evaluated('eval_objective/kl'), label: '' }],
  },
  {
    title: 'language model',
    unit: 'nats per token',
    about: strings.about.guard,
    lines: [{ ...evaluated('eval_guard_loss'), label: '' }],
  },
  { title: 'rewards per token', signed: 4, lines: perToken(rewards) },
  { title: 'margin per token', signed: 4, lines: perToken(margin) },
  { title: 'accuracy per token', lines: perToken(accuracy) },
  { title: 'log-probs per token', unit: 'nats', signed: 2, lines: perToken(logps) },
  { title: 'gradient norm', lines: [{ label: '', metric: 'grad_norm', colour: '--vscode-charts-yellow' }] },
  { title: 'learning rate', exact: true, lines: [{ label: '', metric: 'learning_rate', colour: blue }] },
  {
    title: 'entropy',
    unit: 'nats',
    lines: [{ label: 'train', metric: 'entropy', colour: blue }, evaluated('eval_entropy')],
  },
];

/** All metrics of the charts. */
export const chartMetrics: readonly string[] = chartSpecs.flatMap(({ lines }) => lines.map(({ metric }) => metric));
