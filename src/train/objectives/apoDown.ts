import { add, neg, scale, sigmoid, sub } from '../../graph/elementwise';
import { chosenRatio, rejectedRatio, type Objective } from './objective';

/**
 * APO-down, D'Oosterlinck et al. 2024 (arXiv:2408.06266), equation 8:
 *
 *     loss = σ(β·Δw) + 1 − σ(β·(Δw − Δl))    [pairs]
 *
 * It lowers both answers, the rejected one more.
 */
export const apoDown: Objective = {
  loss: (symbols, { beta }) => {
    const chosen = chosenRatio(symbols);
    return add(sigmoid(scale(chosen, beta)), sigmoid(neg(scale(sub(chosen, rejectedRatio(symbols)), beta))));
  },
};
