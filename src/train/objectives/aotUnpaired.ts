import { scale, sub } from '../../graph/elementwise';
import { sortAscending } from '../../graph/sort';
import { chosenRatio, rejectedRatio, smoothedLogistic, type Objective } from './objective';

/**
 * AOT on unpaired answers, Melnyk et al. 2024 (arXiv:2406.05882), with label smoothing ε = `label_smoothing`:
 *
 *     z = β·[sort(Δw) − sort(Δl)]
 *     loss = −(1 − ε)·log σ(z) − ε·log σ(−z)    [pairs]
 *
 * It asks that the chosen rewards dominate the rejected ones as distributions. Δw and Δl are sorted over the
 * micro-batch, so its size matters.
 */
export const aotUnpaired: Objective = {
  loss: (symbols, { beta, label_smoothing: epsilon }) => {
    const delta = sub(sortAscending(chosenRatio(symbols)), sortAscending(rejectedRatio(symbols)));
    return smoothedLogistic(scale(delta, beta), epsilon);
  },
};
