import type { PairSymbols } from '../../engine/types';
import { mul, neg, scalarSub, scale, sigmoid } from '../../graph/elementwise';
import type { Tensor } from '../../graph/tensor';
import type { ObjectiveSettings } from './objective';

/**
 * The loss of single judged answers, [pairs]:
 *
 *     λ_D·(1 − σ(β·gain))     good answers, λ_D = `desirable_weight`
 *     λ_U·(1 − σ(−β·gain))    bad answers, λ_U = `undesirable_weight`
 *
 * @param gain [pairs] in nats
 */
export function judgedLoss(
  gain: Tensor,
  { desirable }: PairSymbols,
  { beta, desirable_weight: good, undesirable_weight: bad }: ObjectiveSettings,
): Tensor {
  const sign = scalarSub(scale(desirable, 2), 1);
  const factor = scalarSub(scale(desirable, good - bad), -bad);
  return mul(factor, sigmoid(neg(mul(sign, scale(gain, beta)))));
}
