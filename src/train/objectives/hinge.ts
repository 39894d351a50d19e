import { relu, scale, sub } from '../../graph/elementwise';
import { scalar } from '../../graph/tensor';
import type { Objective } from './objective';
import { scoreMargin } from './scores';

/**
 * max(0, 1 − β·d): SLiC-HF, Zhao et al. 2023 (arXiv:2305.10425), on RSO's normalised margin, Liu et al. 2023
 * (arXiv:2309.06657).
 */
export const hinge: Objective = {
  loss: (symbols, settings) => relu(sub(scalar(1), scale(scoreMargin(symbols, settings), settings.beta))),
};
