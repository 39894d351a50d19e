import { neg, scale, sub } from '../../graph/elementwise';
import { logistic, type Objective } from './objective';
import { scoreMargin } from './scores';

/**
 * Robust DPO, Chowdhury et al. 2024 (arXiv:2403.00409), with ε = `label_smoothing`:
 *
 *     loss = [−(1 − ε)·log σ(β·d) + ε·log σ(−β·d)] / (1 − 2ε)    [pairs]
 *
 * It is an unbiased estimate of DPO's loss if labels are flipped with probability ε < ½. It is negative for pairs with
 * a large margin.
 */
export const robust: Objective = {
  loss: (symbols, settings) => {
    const z = scale(scoreMargin(symbols, settings), settings.beta);
    const epsilon = settings.label_smoothing;
    return scale(sub(scale(logistic(z), 1 - epsilon), scale(logistic(neg(z)), epsilon)), 1 / (1 - 2 * epsilon));
  },
};
