import { MarginError } from '../base/pure/marginError';
import { must } from '../base/pure/must';
import type { BestModel, Metrics, TrainConfig } from '../run/types';

/** The comparison of a run's evaluations so far. It is saved in checkpoints, so a resumed run finds the same best. */
export interface Standing {
  /** Step of the last evaluation that was due; 0: none yet. */
  readonly evaluated: number;
  readonly best: { readonly step: number; readonly value: number } | null;
  /** Evaluations in a row that did not improve on the best by more than `early_stopping_threshold`. */
  readonly waited: number;
}

/** Before the first evaluation. */
export const unjudged: Standing = { evaluated: 0, best: null, waited: 0 };

/** Whether a value from a file is a standing. */
export function isStanding(value: unknown): value is Standing {
  if (typeof value !== 'object' || value === null) return false;
  const { evaluated, best, waited } = value as Partial<Record<keyof Standing, unknown>>;
  return (
    typeof evaluated === 'number' &&
    typeof waited === 'number' &&
    (best === null || (typeof best === 'object' && 'step' in best && 'value' in best))
  );
}

/** The keys of a config that choose the best evaluation and stop early. */
export type BestModelKeys = Pick<
  TrainConfig,
  | 'metric_for_best_model'
  | 'greater_is_better'
  | 'load_best_model_at_end'
  | 'early_stopping_patience'
  | 'early_stopping_threshold'
>;

/**
 * The name of `metric_for_best_model` with its prefix `eval_`. If a key needs a metric and none is named, it is
 * `eval_loss` (transformers `training_args.py`). null: no key needs the best evaluation.
 */
export function bestMetric({
  metric_for_best_model: name,
  load_best_model_at_end: load,
  early_stopping_patience: patience,
}: BestModelKeys): string | null {
  if (name === null && !load && patience === null) return null;
  const metric = name ?? 'loss';
  return metric.startsWith('eval_') ? metric : `eval_${metric}`;
}

/**
 * Checks that evaluations have the metric.
 *
 * @param names of the metrics that evaluations have
 * @throws MarginError `unknown-metric` with these names
 */
export function refuseUnknownMetric(config: BestModelKeys, names: readonly string[]): void {
  const metric = bestMetric(config);
  if (metric === null || names.includes(metric)) return;
  throw new MarginError(
    'unknown-metric',
    `metric_for_best_model: an evaluation of this run has no ${metric}; there are ${names.toSorted().join(', ')}`,
    { metric, names },
  );
}

/**
 * The standing after one more evaluation. Any improvement makes it the best; an improvement of more than
 * `early_stopping_threshold` resets the count of early stopping (transformers `Trainer._determine_best_metric` and
 * `EarlyStoppingCallback`). NaN is never better.
 *
 * @param step of the evaluation
 * @throws MarginError `unknown-metric`
 */
export function nextStanding(
  { best, waited }: Standing,
  config: BestModelKeys,
  step: number,
  metrics: Metrics,
): Standing {
  const metric = bestMetric(config);
  if (metric === null) return { evaluated: step, best, waited };
  refuseUnknownMetric(config, Object.keys(metrics));
  const value = must(metrics[metric], `the metric ${metric}`);
  const gain = gainOver(best ? best.value : null, value, config.greater_is_better ?? !metric.endsWith('loss'));
  return {
    evaluated: step,
    best: gain > 0 ? { step, value } : best,
    waited: gain > config.early_stopping_threshold ? 0 : waited + 1,
  };
}

/** How much better a value is than the best one. @param best null: there is none yet */
function gainOver(best: number | null, value: number, greaterIsBetter: boolean): number {
  if (best === null) return Number.isNaN(value) ? 0 : Number.POSITIVE_INFINITY;
  return greaterIsBetter ? value - best : best - value;
}

/** Whether early stopping ends the run. */
export const isPatienceGone = ({ waited }: Standing, { early_stopping_patience: patience }: BestModelKeys): boolean =>
  patience !== null && waited >= patience;

/** The best evaluation as state.json shows it. */
export function bestOf({ best }: Standing, config: BestModelKeys): BestModel | null {
  const metric = bestMetric(config);
  return best && metric !== null ? { step: best.step, metric, value: best.value } : null;
}

/** Notes on the end of a run that no person stopped, one sentence each. */
export function remarksOnEnd(standing: Standing, config: BestModelKeys, step: number, steps: number): string[] {
  const best = bestOf(standing, config);
  const early = `Ended at step ${step} of ${steps}: ${standing.waited} evaluations in a row were not better than the best before them (early_stopping_patience)`;
  const ending = config.load_best_model_at_end
    ? 'the run ends on it, with rewards and samples of that step'
    : 'its checkpoint is kept';
  return [
    ...(step < steps && isPatienceGone(standing, config) ? [early] : []),
    ...(best
      ? [
          `The best evaluation is that of step ${best.step}, with ${best.metric} ${Number(best.value.toPrecision(6))}; ${ending}`,
        ]
      : []),
  ];
}
