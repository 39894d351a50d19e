import { add, exp, logSigmoid, mul, neg, scale, sigmoid, sub } from '../../graph/elementwise';
import { logistic, type Objective } from './objective';
import { scoreMargin } from './scores';

/**
 * DiscoPOP, the log-ratio modulated loss of Lu et al. 2024 (arXiv:2406.08414), equation 5, with τ = `discopop_tau`:
 *
 *     z = β·d,  m = σ(z/τ)
 *     loss = (1 − m)·(−log σ(z)) + m·exp(−z)    [pairs]
 *
 * The second term is computed as exp(log σ(z/τ) − z), because m·exp(−z) is 0·∞ = NaN in f32 for z < −88.
 */
export const discopop: Objective = {
  loss: (symbols, settings) => {
    const z = scale(scoreMargin(symbols, settings), settings.beta);
    const modulated = scale(z, 1 / settings.discopop_tau);
    return add(mul(sigmoid(neg(modulated)), logistic(z)), exp(sub(logSigmoid(modulated), z)));
  },
};
