import { add, exp, logSigmoid, mul, neg, scale, sigmoid, sub } from '../../graph/elementwise';
import { logistic, type Objective } from './objective';
import { scoreMargin } from './scores';

/**
 * (1 − m)·(−log σ(z)) + m·exp(−z) with z = β·d and m = σ(z/τ): DiscoPOP's log-ratio modulated loss, Lu et al. 2024
 * (arXiv:2406.08414), equation 5. m·exp(−z) is taken as exp(log σ(z/τ) − z): at z < −88 the plain product is 0·∞.
 */
export const discopop: Objective = {
  loss: (symbols, settings) => {
    const z = scale(scoreMargin(symbols, settings), settings.beta);
    const modulated = scale(z, 1 / settings.discopop_tau);
    return add(mul(sigmoid(neg(modulated)), logistic(z)), exp(sub(logSigmoid(modulated), z)));
  },
};
