import { reduceMean } from '../../graph/algebra';
import { div, scalarSub, square, sub } from '../../graph/elementwise';
import { atLeastOne, chosenRatio, rejectedRatio, type Objective } from './objective';

/**
 * mean (Δw/nw − Δl/nl − 1/(2β))²: IPO, Azar et al. 2023 (arXiv:2310.12036), equation 17, with TRL's per-token means of the
 * log-ratios; β is the paper's τ.
 */
export const ipoObjective: Objective = {
  name: 'ipo',
  description: 'IPO. Stops at a margin of 1/(2β) per token, so it does not overfit pairs that are always judged the same way.',
  loss: (symbols, { beta }) => {
    const chosen = div(chosenRatio(symbols), atLeastOne(symbols.chosenLength));
    const rejected = div(rejectedRatio(symbols), atLeastOne(symbols.rejectedLength));
    return reduceMean(square(scalarSub(sub(chosen, rejected), 1 / (2 * beta))));
  },
};
