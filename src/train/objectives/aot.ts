import { scale, sub } from '../../graph/elementwise';
import { sortAscending } from '../../graph/sort';
import { smoothedLogistic, type Objective } from './objective';

/**
 * AOT on pairs, Melnyk et al. 2024 (arXiv:2406.05882), with label smoothing ε = `label_smoothing`:
 *
 *     z = β·[sort(log π(chosen) − log π(rejected)) − sort(log π_ref(chosen) − log π_ref(rejected))]
 *     loss = −(1 − ε)·log σ(z) − ε·log σ(−z)    [pairs]
 *
 * It asks that the policy's margins dominate the reference's as distributions. Both margins, [pairs] in nats, are
 * sorted over the micro-batch, so its size matters.
 */
export const aot: Objective = {
  loss: ({ chosen, rejected, refChosen, refRejected }, { beta, label_smoothing: epsilon }) => {
    const delta = sub(sortAscending(sub(chosen, rejected)), sortAscending(sub(refChosen, refRejected)));
    return smoothedLogistic(scale(delta, beta), epsilon);
  },
};
