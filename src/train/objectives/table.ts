import type { LossFunction } from '../../engine/types';
import { add, scale } from '../../graph/elementwise';
import { MarginError } from '../../pairs/marginError';
import { ipoObjective } from './ipo';
import type { Objective, ObjectiveSettings } from './objective';
import { sftObjective } from './sft';
import { sigmoidObjective } from './sigmoid';

/** Every objective, in the order they are offered. */
export const objectives: readonly Objective[] = [sigmoidObjective, ipoObjective, sftObjective];

/**
 * The weighted sum of objectives, TRL's `loss_type` and `loss_weights`.
 *
 * @throws MarginError `unknown-objective`
 */
export function lossOf(types: readonly string[], weights: readonly number[], settings: ObjectiveSettings): LossFunction {
  const chosen = types.map((type, i) => {
    const objective = objectives.find(({ name }) => name === type);
    if (!objective) {
      throw new MarginError('unknown-objective', `loss_type "${type}" is not available; there are ${objectives.map(({ name }) => name).join(', ')}`);
    }
    return { objective, weight: weights[i] ?? 1 };
  });
  return (symbols) => {
    const terms = chosen.map(({ objective, weight }) => {
      const term = objective.loss(symbols, settings);
      return weight === 1 ? term : scale(term, weight);
    });
    return terms.reduce((left, right) => add(left, right));
  };
}
