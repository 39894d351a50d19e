import { neg, scale, sub } from '../../graph/elementwise';
import { logistic, type Objective } from './objective';
import { scoreMargin } from './scores';

/**
 * [−(1 − ε)·log σ(β·d) + ε·log σ(−β·d)] / (1 − 2ε): robust DPO, Chowdhury et al. 2024 (arXiv:2403.00409). Unbiased
 * where labels are flipped with probability ε < ½; below 0 for pairs that are well apart.
 */
export const robust: Objective = {
  loss: (symbols, settings) => {
    const z = scale(scoreMargin(symbols, settings), settings.beta);
    const epsilon = settings.label_smoothing;
    return scale(sub(scale(logistic(z), 1 - epsilon), scale(logistic(neg(z)), epsilon)), 1 / (1 - 2 * epsilon));
  },
};
