import type { ObjectiveName } from '../objectives';
import { bell, logSigma, ofMargin, ofMarginPerToken, sigma, smoothedSlope, type Slope } from './slope';

const sigmoid: Slope = ofMargin((d, { trainer, beta, label_smoothing, cdpo_label_smoothing }) => {
  const epsilon = trainer === 'cpo' ? label_smoothing : cdpo_label_smoothing;
  return beta * smoothedSlope(beta * d, epsilon);
});

/** q·(1 − q)·(z − log((1 − ε)/ε)) with q = σ(z). */
const exo: Slope = ofMargin((d, { beta, label_smoothing: epsilon }) => {
  const z = beta * d;
  return beta * bell(z) * (z + Math.log(epsilon) - Math.log1p(-epsilon));
});

const robust: Slope = ofMargin((d, { beta, label_smoothing: epsilon }) => {
  const z = beta * d;
  return (-beta * ((1 - epsilon) * sigma(-z) + epsilon * sigma(z))) / (1 - 2 * epsilon);
});

/** With m = σ(z/τ): −m′·softplus(−z) − (1 − m)·σ(−z) + (m′ − m)·exp(−z), m′ = m·(1 − m)/τ. */
const discopop: Slope = ofMargin((d, { beta, discopop_tau: tau }) => {
  const z = beta * d;
  const rest = sigma(-z / tau);
  // m·exp(−z), which is 0·∞ for a low z if it is computed like that.
  const modulated = Math.exp(logSigma(z / tau) - z);
  return beta * ((bell(z / tau) / tau) * logSigma(z) - rest * sigma(-z) + (rest / tau - 1) * modulated);
});

const nca: Slope = ({ chosen, rejected }, { beta }) => ({
  chosen: beta * (0.5 * sigma(beta * chosen) - sigma(-beta * chosen)),
  rejected: 0.5 * beta * sigma(beta * rejected),
});

const bco: Slope = ({ chosen, rejected }, { beta }) => ({
  chosen: -beta * sigma(-beta * chosen),
  rejected: beta * sigma(beta * rejected),
});

const sppo: Slope = ({ chosen, rejected }, { beta }) => ({
  chosen: 2 * chosen - 1 / beta,
  rejected: 2 * rejected + 1 / beta,
});

const apoZero: Slope = ({ chosen, rejected }, { beta }) => ({
  chosen: -beta * bell(beta * chosen),
  rejected: beta * bell(beta * rejected),
});

const apoDown: Slope = ({ chosen, rejected }, { beta }) => {
  const ofMargins = beta * bell(beta * (chosen - rejected));
  return { chosen: beta * bell(beta * chosen) - ofMargins, rejected: ofMargins };
};

/**
 * The slopes of each objective at a pair: the derivatives of the losses in `train/objectives`, which have the formulas
 * and papers. A text says why an objective has none.
 */
export const slopes: Readonly<Record<ObjectiveName, Slope | string>> = {
  sigmoid,
  hinge: ofMargin((d, { beta }) => (beta * d < 1 ? -beta : 0)),
  ipo: ofMarginPerToken((d, { beta }) => 2 * d - 1 / beta),
  exo_pair: exo,
  nca_pair: nca,
  robust,
  bco_pair: bco,
  sppo_hard: sppo,
  aot: 'it sorts the margins of a micro-batch, so no pair has a weight of its own',
  aot_unpaired: 'it sorts the rewards of a micro-batch, so no pair has a weight of its own',
  apo_zero: apoZero,
  apo_down: apoDown,
  discopop,
  sft: (_, { meanTokens }) => ({ chosen: -1 / meanTokens, rejected: 0 }),
  sigmoid_norm: ofMarginPerToken((d, { beta }) => -beta * sigma(-beta * d)),
  simpo: ofMarginPerToken((d, { beta, simpo_gamma: gamma, label_smoothing: epsilon }) => {
    return beta * smoothedSlope(beta * d - gamma, epsilon);
  }),
  orpo: 'its likelihood depends on the prompt, which rewards files do not have',
  kto: 'it trains on single answers, and compares each with others of its batch',
  apo_zero_unpaired: 'it trains on single answers',
};
