import { scale } from '../../graph/elementwise';
import { logistic, type Objective } from './objective';
import { normalizedMargin } from './scores';

/**
 * Length-normalised DPO, Lambert et al. 2024 (Tülu 3, arXiv:2411.15124), with nw and nl the tokens of the answers:
 *
 *     loss = −log σ(β·(g(Δw)/nw − g(Δl)/nl))    [pairs]
 */
export const sigmoidNorm: Objective = {
  loss: (symbols, settings) => logistic(scale(normalizedMargin(symbols, settings), settings.beta)),
};
