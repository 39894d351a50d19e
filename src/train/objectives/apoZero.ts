import { add, neg, scale, sigmoid } from '../../graph/elementwise';
import { chosenRatio, rejectedRatio, type Objective } from './objective';

/**
 * APO-zero, D'Oosterlinck et al. 2024 (arXiv:2408.06266), equation 7:
 *
 *     loss = 1 − σ(β·Δw) + σ(β·Δl)    [pairs]
 *
 * It raises the chosen answer and lowers the rejected one.
 */
export const apoZero: Objective = {
  loss: (symbols, { beta }) =>
    add(sigmoid(neg(scale(chosenRatio(symbols), beta))), sigmoid(scale(rejectedRatio(symbols), beta))),
};
