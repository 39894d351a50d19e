import { scalarSub, square } from '../../graph/elementwise';
import type { Objective } from './objective';
import { normalizedMargin } from './scores';

/**
 * (g(Δw)/nw − g(Δl)/nl − 1/(2β))²: IPO, Azar et al. 2023 (arXiv:2310.12036), equation 17, with TRL's per-token means; β
 * is the paper's τ.
 */
export const ipo: Objective = {
  loss: (symbols, settings) => square(scalarSub(normalizedMargin(symbols, settings), 1 / (2 * settings.beta))),
};
