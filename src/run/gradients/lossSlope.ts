import { at } from '../../base/pure/must';
import { objectiveTexts, type ObjectiveName } from '../objectives';
import type { TrainConfig } from '../types';
import type { Slope } from './slope';
import { slopes } from './table';

/** The keys of a config that decide its loss. */
type LossKeys = Pick<TrainConfig, 'trainer' | 'loss_type' | 'loss_weights' | 'cpo_alpha'>;

/** The objectives of a trainer whose pairs have weights of their own. */
export function objectivesWithSlope(trainer: TrainConfig['trainer']): readonly ObjectiveName[] {
  return objectiveTexts.flatMap(({ name, trainers }) => {
    const isOwn = trainers.some((one) => one === trainer);
    return isOwn && typeof slopes[name] !== 'string' ? [name] : [];
  });
}

/**
 * The slopes of a run's whole loss: the sum over `loss_type`, with `loss_weights`, and with CPO's likelihood. Weights
 * of rows, and WPO's, are not part of it.
 *
 * @returns a text that says why there are none
 */
export function lossSlope({
  trainer,
  loss_type: types,
  loss_weights: weights,
  cpo_alpha: alpha,
}: LossKeys): Slope | string {
  const terms: { readonly slope: Slope; readonly factor: number }[] = [];
  const likelihood = trainer === 'cpo' && alpha > 0 ? [{ type: 'sft' as const, factor: alpha }] : [];
  for (const { type, factor } of [...types.map((type, i) => ({ type, factor: at(weights, i) })), ...likelihood]) {
    const slope = slopes[type];
    if (typeof slope === 'string') return `${type}: ${slope}`;
    terms.push({ slope, factor });
  }
  // Most runs have one loss, and a sum would be a million objects more.
  const [first] = terms;
  if (first && terms.length === 1 && first.factor === 1) return first.slope;
  return (pair, settings) =>
    terms.reduce(
      (sum, { slope, factor }) => {
        const { chosen, rejected } = slope(pair, settings);
        return { chosen: sum.chosen + factor * chosen, rejected: sum.rejected + factor * rejected };
      },
      { chosen: 0, rejected: 0 },
    );
}
