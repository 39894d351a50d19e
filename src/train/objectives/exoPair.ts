import { add, logSigmoid, mul, neg, scalarSub, scale, sigmoid } from '../../graph/elementwise';
import type { Objective } from './objective';
import { scoreMargin } from './scores';

/**
 * EXO on pairs, Ji et al. 2024 (arXiv:2402.00856), equation 16, with ε = `label_smoothing`:
 *
 *     q = σ(β·d)
 *     loss = q·(log q − log(1 − ε)) + (1 − q)·(log(1 − q) − log ε)    [pairs]
 *
 * This is the reverse KL from the policy's preference q to the smoothed label. ε must be above 0; the paper uses 1e-3.
 */
export const exoPair: Objective = {
  loss: (symbols, settings) => {
    const z = scale(scoreMargin(symbols, settings), settings.beta);
    const chosen = mul(sigmoid(z), scalarSub(logSigmoid(z), Math.log1p(-settings.label_smoothing)));
    const rejected = mul(sigmoid(neg(z)), scalarSub(logSigmoid(neg(z)), Math.log(settings.label_smoothing)));
    return add(chosen, rejected);
  },
};
