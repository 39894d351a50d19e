import { at } from '../../base/pure/must';
import type { Loss, PairSymbols } from '../../engine/types';
import { reduceMean } from '../../graph/algebra';
import { add, mul, scale } from '../../graph/elementwise';
import { scalar, type Tensor } from '../../graph/tensor';
import type { ObjectiveName } from '../../run/objectives';
import type { TrainConfig } from '../../run/types';
import { aot } from './aot';
import { aotUnpaired } from './aotUnpaired';
import { apoDown } from './apoDown';
import { apoZero } from './apoZero';
import { apoZeroUnpaired } from './apoZeroUnpaired';
import { bcoPair } from './bcoPair';
import { discopop } from './discopop';
import { exoPair } from './exoPair';
import { hinge } from './hinge';
import { ipo } from './ipo';
import { kto } from './kto';
import { ncaPair } from './ncaPair';
import type { Objective, ObjectiveSettings } from './objective';
import { orpo } from './orpo';
import { robust } from './robust';
import { sft } from './sft';
import { sigmoid } from './sigmoid';
import { sigmoidNorm } from './sigmoidNorm';
import { simpo } from './simpo';
import { sppoHard } from './sppoHard';
import { policyWeight } from './wpo';

/** All objectives by TRL's names. The compiler checks that the names are exactly those of `run/objectives.ts`. */
export const objectives: Readonly<Record<ObjectiveName, Objective>> = {
  sigmoid,
  hinge,
  ipo,
  exo_pair: exoPair,
  nca_pair: ncaPair,
  robust,
  bco_pair: bcoPair,
  sppo_hard: sppoHard,
  aot,
  aot_unpaired: aotUnpaired,
  apo_zero: apoZero,
  apo_down: apoDown,
  discopop,
  sft,
  sigmoid_norm: sigmoidNorm,
  simpo,
  orpo,
  kto,
  apo_zero_unpaired: apoZeroUnpaired,
};

export type LossSettings = ObjectiveSettings &
  Pick<TrainConfig, 'loss_type' | 'loss_weights' | 'use_weighting' | 'cpo_alpha'>;

/**
 * The loss of a config, a scalar:
 *
 *     Σ over loss_type of loss_weights · mean over rows of (row weight · objective)
 *
 * With `use_weighting`, each row is also multiplied by WPO's weight. CPO adds `cpo_alpha` times the cross-entropy of
 * the chosen answers. For example `loss_type: ["sigmoid", "sft"], loss_weights: [1, 0.1]` is DPO's loss plus a tenth of
 * the chosen answers' cross-entropy.
 *
 * @throws MarginError `missing` if there are fewer loss_weights than loss_types
 */
export function lossOf(config: LossSettings): Loss {
  const term = (type: ObjectiveName, factor: number, symbols: PairSymbols): Tensor => {
    const own = mul(objectives[type].loss(symbols, config), symbols.weight);
    return scale(reduceMean(config.use_weighting ? mul(own, policyWeight(symbols)) : own), factor);
  };
  const likelihood =
    config.trainer === 'cpo' && config.cpo_alpha > 0 ? [{ type: 'sft' as const, factor: config.cpo_alpha }] : [];
  const terms = [...config.loss_type.map((type, i) => ({ type, factor: at(config.loss_weights, i) })), ...likelihood];
  return {
    loss: (symbols) =>
      terms.map(({ type, factor }) => term(type, factor, symbols)).reduce((left, right) => add(left, right)),
    metrics: (symbols) => ({
      ...(config.trainer === 'cpo'
        ? { nll_loss: likelihood.length > 0 ? reduceMean(objectives.sft.loss(symbols, config)) : scalar(0) }
        : {}),
      ...Object.assign({}, ...config.loss_type.map((type) => objectives[type].metrics?.(symbols, config))),
    }),
    readsAgreement: config.use_weighting,
  };
}
