import { reduceSum } from '../../graph/algebra';
import { div, neg } from '../../graph/elementwise';
import { atLeastOne, type Objective } from './objective';

/** −Σ log π(chosen) / Σ nw: cross-entropy, the mean over all chosen completion tokens of the micro-batch (TRL's `sft`). */
export const sftObjective: Objective = {
  name: 'sft',
  description: 'Learns the chosen answers and ignores the rejected ones. Mixed in with a small weight it keeps chosen answers likely.',
  loss: ({ chosen, chosenLength }) => neg(div(reduceSum(chosen), atLeastOne(reduceSum(chosenLength)))),
};
