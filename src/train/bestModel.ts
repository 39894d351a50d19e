import { MarginError } from '../base/pure/marginError';
import type { BestModel, Metrics, TrainConfig } from '../run/types';

/** How the evaluations of a run compare; part of a checkpoint, so that a resumed run judges as the whole one. */
export interface Standing {
  /** Step of the last evaluation that was due; 0: none yet. */
  readonly evaluated: number;
  readonly best: { readonly step: number; readonly value: number } | null;
  /** Evaluations in a row that were no better than the best before them. */
  readonly waited: number;
}

export const unjudged: Standing = { evaluated: 0, best: null, waited: 0 };

/** Whether a value read from a file is a standing. */
export function isStanding(value: unknown): value is Standing {
  if (typeof value !== 'object' || value === null) return false;
  const { evaluated, best, waited } = value as Partial<Record<keyof Standing, unknown>>;
  return (
    typeof evaluated === 'number' &&
    typeof waited === 'number' &&
    (best === null || (typeof best === 'object' && 'step' in best && 'value' in best))
  );
}

export type Judged = Pick<
  TrainConfig,
  | 'metric_for_best_model'
  | 'greater_is_better'
  | 'load_best_model_at_end'
  | 'early_stopping_patience'
  | 'early_stopping_threshold'
>;

/**
 * `metric_for_best_model` with its prefix, "loss" where something needs one and none is named (transformers
 * `training_args.py`); null: nothing asks for the best.
 */
export function bestMetric({
  metric_for_best_model: name,
  load_best_model_at_end: load,
  early_stopping_patience: patience,
}: Judged): string | null {
  if (name === null && !load && patience === null) return null;
  const metric = name ?? 'loss';
  return metric.startsWith('eval_') ? metric : `eval_${metric}`;
}

/** @throws MarginError `unknown-metric` where evaluations have no such metric, with those there are */
export function refuseUnknownMetric(config: Judged, names: readonly string[]): void {
  const metric = bestMetric(config);
  if (metric === null || names.includes(metric)) return;
  throw new MarginError(
    'unknown-metric',
    `metric_for_best_model: an evaluation of this run has no ${metric}; there are ${names.toSorted().join(', ')}`,
    { metric, names },
  );
}

/**
 * The standing after one more evaluation. Better at all makes the best, better by more than `early_stopping_threshold`
 * ends the wait (transformers `Trainer._determine_best_metric` and `EarlyStoppingCallback`). NaN is never better.
 *
 * @throws MarginError `unknown-metric`
 */
export function judge({ best, waited }: Standing, config: Judged, step: number, metrics: Metrics): Standing {
  const metric = bestMetric(config);
  if (metric === null) return { evaluated: step, best, waited };
  refuseUnknownMetric(config, Object.keys(metrics));
  const value = metrics[metric] ?? Number.NaN;
  const gain = gainOver(best?.value, value, config.greater_is_better ?? !metric.endsWith('loss'));
  return {
    evaluated: step,
    best: gain > 0 ? { step, value } : best,
    waited: gain > config.early_stopping_threshold ? 0 : waited + 1,
  };
}

function gainOver(best: number | undefined, value: number, greaterIsBetter: boolean): number {
  if (best === undefined) return Number.isNaN(value) ? 0 : Number.POSITIVE_INFINITY;
  return greaterIsBetter ? value - best : best - value;
}

export const isPatienceGone = ({ waited }: Standing, { early_stopping_patience: patience }: Judged): boolean =>
  patience !== null && waited >= patience;

/** The best as the run's state tells it. */
export function bestOf({ best }: Standing, config: Judged): BestModel | null {
  const metric = bestMetric(config);
  return best && metric !== null ? { step: best.step, metric, value: best.value } : null;
}

/** What a reader should know of a run that ended by itself, a sentence each. */
export function remarksOnEnd(standing: Standing, config: Judged, step: number, steps: number): string[] {
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
