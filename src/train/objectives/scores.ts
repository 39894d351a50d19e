import type { PairSymbols } from '../../engine/types';
import { div, exp, logSigmoid, neg, relu, scalarSub, scale, sub } from '../../graph/elementwise';
import { scalar, type Tensor } from '../../graph/tensor';
import { atLeastOne, chosenRatio, rejectedRatio, type ObjectiveSettings } from './objective';

/** Above it exp leaves f32; TRL's bound. */
const highestExponent = 80;
/** So near to 1, α gives reverse KL; TRL's bound. */
const nearOne = 1e-6;

/**
 * g(Δ) for a log-ratio Δ = log u: f'(u) of the f-divergence that holds the policy to the reference (Wang et al. 2023,
 * arXiv:2309.16240), with TRL 1.16's constants.
 *
 * | reverse_kl | Δ |
 * |---|---|
 * | forward_kl | 1 − exp(−Δ) |
 * | js_divergence | log 2 + log σ(Δ) |
 * | alpha_divergence | (exp((α − 1)·Δ) − 1) / (α − 1) |
 */
function scoreOf(
  ratio: Tensor,
  { f_divergence_type: type, f_alpha_divergence_coef: alpha }: ObjectiveSettings,
): Tensor {
  switch (type) {
    case 'reverse_kl':
      return ratio;
    case 'forward_kl':
      return sub(scalar(1), exp(neg(ratio)));
    case 'js_divergence':
      return scalarSub(logSigmoid(ratio), -Math.LN2);
    case 'alpha_divergence': {
      if (Math.abs(alpha - 1) < nearOne) return ratio;
      const exponent = scale(ratio, alpha - 1);
      const bounded = sub(exponent, relu(scalarSub(exponent, highestExponent)));
      return scale(scalarSub(exp(bounded), 1), 1 / (alpha - 1));
    }
  }
}

/** d = g(Δw) − g(Δl), [pairs]. */
export function scoreMargin(symbols: PairSymbols, settings: ObjectiveSettings): Tensor {
  return sub(scoreOf(chosenRatio(symbols), settings), scoreOf(rejectedRatio(symbols), settings));
}

/** g(Δw)/nw − g(Δl)/nl, [pairs]: each score by its own number of tokens. */
export function normalizedMargin(symbols: PairSymbols, settings: ObjectiveSettings): Tensor {
  const chosen = div(scoreOf(chosenRatio(symbols), settings), atLeastOne(symbols.chosenLength));
  const rejected = div(scoreOf(rejectedRatio(symbols), settings), atLeastOne(symbols.rejectedLength));
  return sub(chosen, rejected);
}
