import { add, neg, scale } from '../../graph/elementwise';
import { chosenRatio, logistic, rejectedRatio, type Objective } from './objective';

/**
 * −log σ(βΔw) − log σ(−βΔl): BCO for pairs, Jung et al. 2024 (arXiv:2404.04656), without its running reward shift δ,
 * as in TRL.
 */
export const bcoPair: Objective = {
  loss: (symbols, { beta }) =>
    add(logistic(scale(chosenRatio(symbols), beta)), logistic(neg(scale(rejectedRatio(symbols), beta)))),
};
