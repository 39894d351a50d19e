import { relu, scale, sub } from '../../graph/elementwise';
import { scalar } from '../../graph/tensor';
import type { Objective } from './objective';
import { scoreMargin } from './scores';

/**
 * The hinge loss of SLiC-HF, Zhao et al. 2023 (arXiv:2305.10425), on the reference-normalised margin of RSO, Liu et al.
 * 2023 (arXiv:2309.06657):
 *
 *     loss = max(0, 1 − β·d)    [pairs]
 *
 * A pair whose margin d has reached 1/β nats has no gradient.
 */
export const hinge: Objective = {
  loss: (symbols, settings) => relu(sub(scalar(1), scale(scoreMargin(symbols, settings), settings.beta))),
};
