import { scalarSub, scale } from '../../graph/elementwise';
import { smoothedLogistic, type Objective } from './objective';
import { normalizedMargin } from './scores';

/**
 * SimPO, Meng et al. 2024 (arXiv:2405.14734). There is no reference, so Δw and Δl are the policy's own log-probs:
 *
 *     z = β·(Δw/nw − Δl/nl) − γ
 *     loss = −(1 − ε)·log σ(z) − ε·log σ(−z)    [pairs]
 *
 * γ is `simpo_gamma` (the paper's code names γ/β), ε is `label_smoothing`, nw and nl are the tokens of the answers.
 */
export const simpo: Objective = {
  loss: (symbols, settings) =>
    smoothedLogistic(
      scalarSub(scale(normalizedMargin(symbols, settings), settings.beta), settings.simpo_gamma),
      settings.label_smoothing,
    ),
};
