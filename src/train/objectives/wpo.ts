import type { PairSymbols } from '../../engine/types';
import { add, div, exp } from '../../graph/elementwise';
import { MarginError } from '../../base/pure/marginError';
import type { Tensor } from '../../graph/tensor';
import { atLeastOne } from './objective';

/**
 * WPO's weight of each pair, [pairs], Zhou et al. 2024 (arXiv:2406.11827), equation 2:
 *
 *     w(chosen)·w(rejected),  w(y) = exp(mean over tokens t of y of (log π(t) − log Σ π²))
 *
 * Answers that the policy itself is unlikely to write count little. The weight has no gradient. Like TRL 1.16's it is
 * not clamped to 1.
 *
 * @throws MarginError `no-agreement` if the head did not compute the token terms
 */
export function policyWeight({ agreement, chosenLength, rejectedLength }: PairSymbols): Tensor {
  if (!agreement)
    throw new MarginError('no-agreement', 'The loss has use_weighting, but the head did not compute agreements');
  return exp(add(div(agreement.chosen, atLeastOne(chosenLength)), div(agreement.rejected, atLeastOne(rejectedLength))));
}
