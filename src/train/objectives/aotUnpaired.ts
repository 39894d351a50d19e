import { scale, sub } from '../../graph/elementwise';
import { sortAscending } from '../../graph/sort';
import { chosenRatio, rejectedRatio, smoothedLogistic, type Objective } from './objective';

/**
 * Smoothed logistic loss of β·[sort(Δw) − sort(Δl)]: unpaired AOT, Melnyk et al. 2024 (arXiv:2406.05882): chosen
 * rewards are to dominate rejected ones as a distribution. Sorted over the micro-batch, so its size matters.
 */
export const aotUnpaired: Objective = {
  loss: (symbols, { beta, label_smoothing: epsilon }) => {
    const delta = sub(sortAscending(chosenRatio(symbols)), sortAscending(rejectedRatio(symbols)));
    return smoothedLogistic(scale(delta, beta), epsilon);
  },
};
