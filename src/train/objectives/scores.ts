import type { PairSymbols } from '../../engine/types';
import { div, exp, logSigmoid, neg, relu, scalarSub, scale, sub } from '../../graph/elementwise';
import { scalar, type Tensor } from '../../graph/tensor';
import { atLeastOne, chosenRatio, rejectedRatio, type ObjectiveSettings } from './objective';

/** TRL's bound on exponents: exp overflows f32 at 89. */
const highestExponent = 80;
/** TRL's bound: an α this close to 1 is taken as 1, which is the reverse KL. */
const nearOne = 1e-6;

/**
 * The score g(Δ) of a log-ratio Δ = log u, [pairs]. It is f′(u) of the f-divergence between policy and reference (Wang
 * et al. 2023, arXiv:2309.16240), with TRL 1.16's constants; α is `f_alpha_divergence_coef`.
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

/** The margin d = g(Δw) − g(Δl), [pairs]. */
export function scoreMargin(symbols: PairSymbols, settings: ObjectiveSettings): Tensor {
  return sub(scoreOf(chosenRatio(symbols), settings), scoreOf(rejectedRatio(symbols), settings));
}

/** The margin per token g(Δw)/nw − g(Δl)/nl, [pairs]: each score divided by the tokens of its own answer. */
export function normalizedMargin(symbols: PairSymbols, settings: ObjectiveSettings): Tensor {
  const chosen = div(scoreOf(chosenRatio(symbols), settings), atLeastOne(symbols.chosenLength));
  const rejected = div(scoreOf(rejectedRatio(symbols), settings), atLeastOne(symbols.rejectedLength));
  return sub(chosen, rejected);
}
