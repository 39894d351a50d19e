import type { TrainConfig } from '../types';

/**
 * What the loss of a pair is a function of. In nats: Δ = log π − log π_ref of each answer, a sum over its tokens;
 * without a reference, log π.
 */
export interface PairGains {
  readonly chosen: number;
  readonly rejected: number;
  /** Tokens of the answers. */
  readonly chosenTokens: number;
  readonly rejectedTokens: number;
}

/** ∂loss/∂log π of both answers of a pair, per nat. The gradient of the weights is their sum times ∂log π/∂θ. */
export interface Slopes {
  readonly chosen: number;
  readonly rejected: number;
}

/** The keys that decide the slopes of an objective, and what all pairs have in common. */
export type SlopeSettings = Pick<
  TrainConfig,
  | 'trainer'
  | 'beta'
  | 'label_smoothing'
  | 'cdpo_label_smoothing'
  | 'f_divergence_type'
  | 'f_alpha_divergence_coef'
  | 'discopop_tau'
  | 'simpo_gamma'
> & {
  /** Mean tokens of the chosen answers, at least 1 each. */
  readonly meanTokens: number;
};

/** The slopes of an objective at a pair. */
export type Slope = (pair: PairGains, settings: SlopeSettings) => Slopes;

/** The logistic function σ(z). */
export const sigma = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
/** log σ(z). */
export const logSigma = (z: number): number => Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));
/** The derivative of σ(z). */
export const bell = (z: number): number => sigma(z) * sigma(-z);
/** The derivative of −(1 − ε)·log σ(z) − ε·log σ(−z). */
export const smoothedSlope = (z: number, epsilon: number): number =>
  epsilon === 0 ? -sigma(-z) : epsilon * sigma(z) - (1 - epsilon) * sigma(-z);

/** TRL's bounds, as in `train/objectives/scores.ts`. */
const [highestExponent, nearOne] = [80, 1e-6];

type Divergence = Pick<SlopeSettings, 'f_divergence_type' | 'f_alpha_divergence_coef'>;

/** The score g(Δ) of a log-ratio and its derivative, by `f_divergence_type`; see `train/objectives/scores.ts`. */
function scoreOf(gain: number, settings: Divergence): { readonly score: number; readonly slope: number } {
  const { f_divergence_type: type, f_alpha_divergence_coef: alpha } = settings;
  switch (type) {
    case 'reverse_kl':
      return { score: gain, slope: 1 };
    case 'forward_kl':
      return { score: 1 - Math.exp(-gain), slope: Math.exp(-gain) };
    case 'js_divergence':
      return { score: Math.LN2 + logSigma(gain), slope: sigma(-gain) };
    case 'alpha_divergence': {
      if (Math.abs(alpha - 1) < nearOne) return { score: gain, slope: 1 };
      const power = Math.exp(Math.min((alpha - 1) * gain, highestExponent));
      return { score: (power - 1) / (alpha - 1), slope: (alpha - 1) * gain < highestExponent ? power : 0 };
    }
  }
}

/** The slopes of a loss that depends on the margin d = g(Δw) − g(Δl). @param slope ∂loss/∂d */
export const ofMargin =
  (slope: (d: number, settings: SlopeSettings) => number): Slope =>
  (pair, settings) =>
    ofScores(pair, settings, slope, 1, 1);

/** The slopes of a loss that depends on the margin per token, d = g(Δw)/nw − g(Δl)/nl. @param slope ∂loss/∂d */
export const ofMarginPerToken =
  (slope: (d: number, settings: SlopeSettings) => number): Slope =>
  (pair, settings) =>
    ofScores(pair, settings, slope, Math.max(1, pair.chosenTokens), Math.max(1, pair.rejectedTokens));

function ofScores(
  pair: PairGains,
  settings: SlopeSettings,
  slope: (d: number, settings: SlopeSettings) => number,
  ofChosen: number,
  ofRejected: number,
): Slopes {
  // The score of most runs is the log-ratio itself. A million pairs need no objects for that.
  if (settings.f_divergence_type === 'reverse_kl') {
    const outer = slope(pair.chosen / ofChosen - pair.rejected / ofRejected, settings);
    return { chosen: outer / ofChosen, rejected: -outer / ofRejected };
  }
  const chosen = scoreOf(pair.chosen, settings);
  const rejected = scoreOf(pair.rejected, settings);
  const outer = slope(chosen.score / ofChosen - rejected.score / ofRejected, settings);
  return { chosen: (outer * chosen.slope) / ofChosen, rejected: (-outer * rejected.slope) / ofRejected };
}
