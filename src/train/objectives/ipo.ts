import { scalarSub, square } from '../../graph/elementwise';
import type { Objective } from './objective';
import { normalizedMargin } from './scores';

/**
 * IPO, Azar et al. 2023 (arXiv:2310.12036), equation 17; β is the paper's τ. Like TRL it divides each score by the
 * tokens of its answer, nw and nl:
 *
 *     loss = (g(Δw)/nw − g(Δl)/nl − 1/(2β))²    [pairs]
 *
 * The loss is least at a margin of 1/(2β) nats per token.
 */
export const ipo: Objective = {
  loss: (symbols, settings) => square(scalarSub(normalizedMargin(symbols, settings), 1 / (2 * settings.beta))),
};
