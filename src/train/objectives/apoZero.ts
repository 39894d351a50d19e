import { add, neg, scale, sigmoid } from '../../graph/elementwise';
import { chosenRatio, rejectedRatio, type Objective } from './objective';

/** 1 − σ(βΔw) + σ(βΔl): APO-zero, D'Oosterlinck et al. 2024 (arXiv:2408.06266), equation 7. */
export const apoZero: Objective = {
  loss: (symbols, { beta }) =>
    add(sigmoid(neg(scale(chosenRatio(symbols), beta))), sigmoid(scale(rejectedRatio(symbols), beta))),
};
