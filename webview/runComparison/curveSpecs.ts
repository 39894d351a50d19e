import type { MetricPoints } from '../../src/protocol/runComparison';
import type { ChartSpec } from '../shared/chart/series';
import { strings } from './strings';
import type { XAxis } from './viewState';

/** A chart of one metric of all shown runs. */
export interface RunChart {
  /** The metric of held-out pairs; shown if any run has it. */
  readonly held: string | null;
  /** The same of training pairs, shown otherwise; null: there is none. */
  readonly trained: string | null;
  readonly spec: ChartSpec;
}

const { charts: names } = strings;

/** In reading order. Metrics have TRL's names. */
export const runCharts: readonly RunChart[] = [
  { held: null, trained: 'loss', spec: { title: names.loss } },
  { held: 'eval_loss', trained: null, spec: { title: names.evalLoss } },
  { held: 'eval_rewards/margins', trained: 'rewards/margins', spec: { title: names.margin, signed: 2 } },
  { held: 'eval_rewards/accuracies', trained: 'rewards/accuracies', spec: { title: names.accuracy } },
  { held: 'eval_logps/chosen', trained: 'logps/chosen', spec: { title: names.chosen, unit: 'nats', signed: 1 } },
  { held: 'eval_objective/kl', trained: null, spec: { title: names.kl, unit: 'nats' } },
  { held: 'eval_guard_loss', trained: null, spec: { title: names.language, unit: 'nats per token' } },
  { held: null, trained: 'grad_norm', spec: { title: names.gradNorm } },
];

export const tokensMetric = 'num_tokens';

/** Every metric that a chart or the axis may need. */
export const wantedMetrics: readonly string[] = [
  tokensMetric,
  ...runCharts.flatMap(({ held, trained }) => [held, trained].filter((name) => name !== null)),
];

type Metrics = Readonly<Record<string, MetricPoints>>;

/** The metric that a chart shows for these runs; null if none of them has it. */
export function metricOf({ held, trained }: RunChart, runs: readonly Metrics[]): string | null {
  const has = (name: string | null): name is string => name !== null && runs.some((metrics) => name in metrics);
  return has(held) ? held : has(trained) ? trained : null;
}

/**
 * Where the points of a metric are on the horizontal axis. Tokens are those that were logged at the point's step or
 * before it; a run that logs none has no place there.
 */
export function placesOf(
  points: MetricPoints,
  x: XAxis,
  pairsPerStep: number,
  tokens: MetricPoints | null,
): Float64Array {
  switch (x) {
    case 'step':
      return points.steps;
    case 'time':
      return points.times;
    case 'pairs':
      return points.steps.map((step) => step * pairsPerStep);
    case 'tokens':
      return tokensAt(points.steps, tokens);
  }
}

function tokensAt(steps: Float64Array, tokens: MetricPoints | null): Float64Array {
  let next = 0;
  return steps.map((step) => {
    if (tokens === null) return Number.NaN;
    while (next < tokens.steps.length && (tokens.steps[next] ?? Infinity) <= step) next++;
    return next === 0 ? Number.NaN : (tokens.values[next - 1] ?? Number.NaN);
  });
}
