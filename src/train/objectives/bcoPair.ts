import { add, neg, scale } from '../../graph/elementwise';
import { chosenRatio, logistic, rejectedRatio, type Objective } from './objective';

/**
 * BCO on pairs, Jung et al. 2024 (arXiv:2404.04656):
 *
 *     loss = −log σ(β·Δw) − log σ(−β·Δl)    [pairs]
 *
 * Like TRL it leaves out the paper's reward shift δ, a running mean of rewards.
 */
export const bcoPair: Objective = {
  loss: (symbols, { beta }) =>
    add(logistic(scale(chosenRatio(symbols), beta)), logistic(neg(scale(rejectedRatio(symbols), beta)))),
};
