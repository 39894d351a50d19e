import type { PairSymbols } from '../../engine/types';
import { add, div, exp } from '../../graph/elementwise';
import { MarginError } from '../../base/pure/marginError';
import type { Tensor } from '../../graph/tensor';
import { atLeastOne } from './objective';

/**
 * w(yw)·w(yl), [pairs], with w(y) = exp mean (log π(t) − log Σ π²): WPO, Zhou et al. 2024 (arXiv:2406.11827), equation
 * 2. A pair that the policy itself would hardly say counts little. No gradient flows through it; like TRL since its
 * rewrite, not clamped to 1.
 */
export function policyWeight({ agreement, chosenLength, rejectedLength }: PairSymbols): Tensor {
  if (!agreement)
    throw new MarginError(
      'no-agreement',
      'The loss weighs pairs by the policy, but the head was not asked for agreements',
    );
  return exp(add(div(agreement.chosen, atLeastOne(chosenLength)), div(agreement.rejected, atLeastOne(rejectedLength))));
}
