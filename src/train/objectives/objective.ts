import type { PairSymbols } from '../../engine/types';
import { relu, scalarSub, sub } from '../../graph/elementwise';
import type { Tensor } from '../../graph/tensor';

export interface ObjectiveSettings {
  readonly beta: number;
}

/** A preference objective: the loss of a micro-batch as a function of its log-probs. Gradients follow from the rules. */
export interface Objective {
  /** TRL's `loss_type`. */
  readonly name: string;
  /** Shown to users: what it does, when to use it. */
  readonly description: string;
  readonly loss: (symbols: PairSymbols, settings: ObjectiveSettings) => Tensor;
}

/** Δw = log π(chosen) − log π_ref(chosen), [pairs]. */
export const chosenRatio = ({ chosen, refChosen }: PairSymbols): Tensor => sub(chosen, refChosen);

/** Δl = log π(rejected) − log π_ref(rejected), [pairs]. */
export const rejectedRatio = ({ rejected, refRejected }: PairSymbols): Tensor => sub(rejected, refRejected);

/** max(n, 1), as TRL divides by it: a completion that tokenisation left empty has no mean to take. */
export const atLeastOne = (lengths: Tensor): Tensor => scalarSub(relu(scalarSub(lengths, 1)), -1);
