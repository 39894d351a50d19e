import { reduceMean } from '../../graph/algebra';
import { div, neg } from '../../graph/elementwise';
import { atLeastOne, type Objective } from './objective';

/**
 * −log π(chosen) / mean nw, whose mean over pairs is −Σ log π(chosen) / Σ nw: cross-entropy, the mean over all chosen
 * completion tokens of the micro-batch (TRL's `sft`).
 */
export const sft: Objective = {
  loss: ({ chosenTokens, chosenLength }) => neg(div(chosenTokens, reduceMean(atLeastOne(chosenLength)))),
};
