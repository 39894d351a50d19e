import { scalar } from '../../graph/tensor';
import { judgedLoss } from './judged';
import { chosenRatio, type Objective } from './objective';

/**
 * APO-zero on single judged answers, D'Oosterlinck et al. 2024 (arXiv:2408.06266), the two terms of equation 7, each
 * for its kind of answer; Δ is the answer's log-ratio:
 *
 *     loss = λ_D·(1 − σ(β·Δ))    good answers, λ_D = `desirable_weight`
 *     loss = λ_U·σ(β·Δ)          bad answers, λ_U = `undesirable_weight`
 *
 * The loss has shape [pairs]. TRL logs a `kl` of 0 with it.
 */
export const apoZeroUnpaired: Objective = {
  loss: (symbols, settings) => judgedLoss(chosenRatio(symbols), symbols, settings),
  metrics: () => ({ kl: scalar(0) }),
};
