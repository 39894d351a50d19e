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
 * A preference objective as a function of log-probs. Gradients follow from the rules; `run/objectives.ts` says when to
 * use which.
 */
export interface Objective {
  /** The loss of each pair, [pairs]; a micro-batch's loss is the mean. */
  readonly loss: (symbols: PairSymbols, settings: ObjectiveSettings) => Tensor;
  /** Scalars that TRL logs of this objective, by its names. */
  readonly metrics?: (symbols: PairSymbols, settings: ObjectiveSettings) => Readonly<Record<string, Tensor>>;
}

/** Δw = log π(chosen) − log π_ref(chosen), [pairs]. */
export const chosenRatio = ({ chosen, refChosen }: PairSymbols): Tensor => sub(chosen, refChosen);

/** Δl = log π(rejected) − log π_ref(rejected), [pairs]. */
export const rejectedRatio = ({ rejected, refRejected }: PairSymbols): Tensor => sub(rejected, refRejected);

/** max(n, 1), as TRL divides by it: a completion that tokenisation left empty has no mean to take. */
export const atLeastOne = (lengths: Tensor): Tensor => scalarSub(relu(scalarSub(lengths, 1)), -1);

/** −log σ(z). */
export const logistic = (z: Tensor): Tensor => neg(logSigmoid(z));

/** −(1 − ε)·log σ(z) − ε·log σ(−z): the logistic loss where a label is flipped with probability ε. */
export function smoothedLogistic(z: Tensor, epsilon: number): Tensor {
  return epsilon === 0 ? logistic(z) : sub(scale(logistic(z), 1 - epsilon), scale(logSigmoid(neg(z)), epsilon));
}
