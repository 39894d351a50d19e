import { scalar } from '../../graph/tensor';
import { judgedLoss } from './judged';
import { chosenRatio, type Objective } from './objective';

/**
 * λ_D·(1 − σ(βΔ)) of a good answer, λ_U·σ(βΔ) of a bad one: APO-zero, D'Oosterlinck et al. 2024 (arXiv:2408.06266),
 * equation 7, of single judged answers. TRL logs a `kl` of 0 with it.
 */
export const apoZeroUnpaired: Objective = {
  loss: (symbols, settings) => judgedLoss(chosenRatio(symbols), symbols, settings),
  metrics: () => ({ kl: scalar(0) }),
};
