import { scale, sub } from '../../graph/elementwise';
import { sortAscending } from '../../graph/sort';
import { smoothedLogistic, type Objective } from './objective';

/**
 * Smoothed logistic loss of β·[sort(log π(chosen) − log π(rejected)) − sort(the same under π_ref)]: AOT for pairs,
 * Melnyk et al. 2024 (arXiv:2406.05882): the policy's margins are to dominate the reference's as a distribution. Sorted
 * over the micro-batch, so its size matters.
 */
export const aot: Objective = {
  loss: ({ chosen, rejected, refChosen, refRejected }, { beta, label_smoothing: epsilon }) => {
    const delta = sub(sortAscending(sub(chosen, rejected)), sortAscending(sub(refChosen, refRejected)));
    return smoothedLogistic(scale(delta, beta), epsilon);
  },
};
