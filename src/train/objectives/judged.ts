import type { PairSymbols } from '../../engine/types';
import { mul, neg, scalarSub, scale, sigmoid } from '../../graph/elementwise';
import type { Tensor } from '../../graph/tensor';
import type { ObjectiveSettings } from './objective';

/** λ·(1 − σ(±β·gain)), + and λ_D for good answers, − and λ_U for bad ones, [pairs]. */
export function judgedLoss(
  gain: Tensor,
  { desirable }: PairSymbols,
  { beta, desirable_weight: good, undesirable_weight: bad }: ObjectiveSettings,
): Tensor {
  const sign = scalarSub(scale(desirable, 2), 1);
  const factor = scalarSub(scale(desirable, good - bad), -bad);
  return mul(factor, sigmoid(neg(mul(sign, scale(gain, beta)))));
}
