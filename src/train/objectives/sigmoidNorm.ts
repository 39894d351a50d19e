import { scale } from '../../graph/elementwise';
import { logistic, type Objective } from './objective';
import { normalizedMargin } from './scores';

/** −log σ(β·(g(Δw)/nw − g(Δl)/nl)): length-normalised DPO, Lambert et al. 2024 (Tülu 3, arXiv:2411.15124). */
export const sigmoidNorm: Objective = {
  loss: (symbols, settings) => logistic(scale(normalizedMargin(symbols, settings), settings.beta)),
};
