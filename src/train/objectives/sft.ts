import { reduceMean } from '../../graph/algebra';
import { div, neg } from '../../graph/elementwise';
import { atLeastOne, type Objective } from './objective';

/**
 * Cross-entropy of the chosen answers, in nats per token (TRL's `sft`):
 *
 *     loss = −log π(chosen) / mean(nw)    [pairs]
 *
 * mean(nw) is over the micro-batch, so the mean of the loss is the mean over all its chosen tokens. The prompt's tokens
 * do not count.
 */
export const sft: Objective = {
  loss: ({ chosenTokens, chosenLength }) => neg(div(chosenTokens, reduceMean(atLeastOne(chosenLength)))),
};
