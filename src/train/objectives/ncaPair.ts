import { add, neg, scale } from '../../graph/elementwise';
import { chosenRatio, logistic, rejectedRatio, type Objective } from './objective';

/**
 * NCA on pairs, Chen et al. 2024 (arXiv:2402.05369):
 *
 *     loss = −log σ(β·Δw) − ½·log σ(−β·Δw) − ½·log σ(−β·Δl)    [pairs]
 */
export const ncaPair: Objective = {
  loss: (symbols, { beta }) => {
    const [chosen, rejected] = [scale(chosenRatio(symbols), beta), scale(rejectedRatio(symbols), beta)];
    return add(logistic(chosen), scale(add(logistic(neg(chosen)), logistic(neg(rejected))), 0.5));
  },
};
