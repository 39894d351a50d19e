import { scalarSub, scale } from '../../graph/elementwise';
import { smoothedLogistic, type Objective } from './objective';
import { normalizedMargin } from './scores';

/**
 * −log σ(β·(ℓw/nw − ℓl/nl) − γ), smoothed by `label_smoothing`: SimPO, Meng et al. 2024 (arXiv:2405.14734). γ is
 * `simpo_gamma`; the paper's code gives γ/β. There is no reference, so the log-ratios are the policy's log-probs.
 */
export const simpo: Objective = {
  loss: (symbols, settings) =>
    smoothedLogistic(
      scalarSub(scale(normalizedMargin(symbols, settings), settings.beta), settings.simpo_gamma),
      settings.label_smoothing,
    ),
};
