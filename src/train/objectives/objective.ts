import type { PairSymbols } from '../../engine/types';
import { logSigmoid, neg, relu, scalarSub, scale, sub } from '../../graph/elementwise';
import type { Tensor } from '../../graph/tensor';
import type { TrainConfig } from '../../run/types';

/** The keys of a config that an objective may depend on. */
export type ObjectiveSettings = Pick<
  TrainConfig,
  | 'trainer'
  | 'beta'
  | 'label_smoothing'
  | 'cdpo_label_smoothing'
  | 'f_divergence_type'
  | 'f_alpha_divergence_coef'
  | 'discopop_tau'
  | 'simpo_gamma'
  | 'desirable_weight'
  | 'undesirable_weight'
>;

/**
 * A preference objective as a function of log-probs. Its gradient follows from the graph. `run/objectives.ts` says when
 * to use which.
 *
 * Notation of all files here. Every symbol is a tensor of shape [pairs], one value for each pair of a micro-batch;
 * log-probs are sums over an answer's tokens, in nats.
 *
 *     π, π_ref    policy, reference
 *     Δw          log π(chosen) − log π_ref(chosen), the log-ratio of the chosen answer
 *     Δl          the same of the rejected answer
 *     g           the score of a log-ratio, by `f_divergence_type`; g(Δ) = Δ for DPO (see scores.ts)
 *     d           g(Δw) − g(Δl), the margin
 *     nw, nl      tokens of the chosen and of the rejected answer, at least 1
 *     β           `beta`, per nat; β·Δ is the implicit reward
 *     σ           the logistic function
 *
 * Worked example: log π(chosen) = −10, log π_ref(chosen) = −12, log π(rejected) = −9, log π_ref(rejected) = −8 give
 * Δw = 2, Δl = −1, d = 3. With β = 0.1, DPO's loss is −log σ(0.3) = 0.554.
 */
export interface Objective {
  /** The loss of each pair, [pairs]. The loss of a micro-batch is the mean. */
  readonly loss: (symbols: PairSymbols, settings: ObjectiveSettings) => Tensor;
  /** Scalars that TRL logs for this objective, by TRL's names. */
  readonly metrics?: (symbols: PairSymbols, settings: ObjectiveSettings) => Readonly<Record<string, Tensor>>;
}

/** Δw = log π(chosen) − log π_ref(chosen), [pairs], nats. */
export const chosenRatio = ({ chosen, refChosen }: PairSymbols): Tensor => sub(chosen, refChosen);

/** Δl = log π(rejected) − log π_ref(rejected), [pairs], nats. */
export const rejectedRatio = ({ rejected, refRejected }: PairSymbols): Tensor => sub(rejected, refRejected);

/** max(n, 1), [pairs]: an empty answer has no mean per token, and TRL divides by 1 then. */
export const atLeastOne = (lengths: Tensor): Tensor => scalarSub(relu(scalarSub(lengths, 1)), -1);

/** The logistic loss −log σ(z). */
export const logistic = (z: Tensor): Tensor => neg(logSigmoid(z));

/** The logistic loss for labels that are flipped with probability ε: −(1 − ε)·log σ(z) − ε·log σ(−z). */
export function smoothedLogistic(z: Tensor, epsilon: number): Tensor {
  return epsilon === 0 ? logistic(z) : sub(scale(logistic(z), 1 - epsilon), scale(logSigmoid(neg(z)), epsilon));
}
