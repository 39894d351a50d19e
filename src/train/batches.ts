import { seededRandom } from '../base/pure/seededRandom';
import type { TrainConfig } from '../run/types';

/** Micro-batches of one optimizer step: indices of rows. */
export interface StepPlan {
  /** From 1. */
  readonly step: number;
  readonly microBatches: readonly (readonly number[])[];
  /** Passes over the data when the step is done, as `Trainer` logs it. */
  readonly epoch: number;
}

/** Optimizer steps of a whole run: `max_steps`, or what the epochs come to. The last step of an epoch may be short. */
export function totalSteps(config: TrainConfig, pairs: number): number {
  if (config.max_steps > 0) return config.max_steps;
  return Math.max(1, Math.ceil(config.num_train_epochs * stepsPerEpoch(config, pairs)));
}

/**
 * Steps from one evaluation to the next: without a number of its own it comes with the rewards; 0: none but the last.
 */
export const evalSteps = ({ eval_steps: own, reward_steps: rewards }: TrainConfig): number => (own > 0 ? own : rewards);

export function microPerEpoch(config: TrainConfig, pairs: number): number {
  return Math.ceil(pairs / config.per_device_train_batch_size);
}

export function stepsPerEpoch(config: TrainConfig, pairs: number): number {
  return Math.ceil(microPerEpoch(config, pairs) / config.gradient_accumulation_steps);
}

/**
 * What each step trains on: a function of config, number of pairs and step alone, so that a resumed run needs no state.
 * An epoch that does not divide ends in a short step, as in `transformers`' Trainer.
 */
export class StepPlanner {
  /** The order of the epoch that was asked for last: making it takes a look at every pair. */
  private order: { readonly epoch: number; readonly indices: Uint32Array } | null = null;

  constructor(
    private readonly config: TrainConfig,
    private readonly pairs: number,
    /** Tokens of a row; asked where rows are grouped by it. */
    private readonly lengthOf: (row: number) => number,
  ) {}

  /** @param step from 1 */
  plan(step: number): StepPlan {
    const { config, pairs } = this;
    const { per_device_train_batch_size: size, gradient_accumulation_steps: accumulation } = config;
    const perEpoch = stepsPerEpoch(config, pairs);
    const epoch = Math.floor((step - 1) / perEpoch);
    const first = ((step - 1) % perEpoch) * accumulation;
    const last = Math.min(first + accumulation, microPerEpoch(config, pairs));
    if (this.order?.epoch !== epoch) this.order = { epoch, indices: epochOrder(config, pairs, epoch, this.lengthOf) };
    const { indices } = this.order;
    const microBatches = Array.from({ length: last - first }, (_, i) => [
      ...indices.subarray((first + i) * size, (first + i + 1) * size),
    ]);
    return { step, microBatches, epoch: epoch + last / microPerEpoch(config, pairs) };
  }
}

/** File order, or Fisher–Yates from the seed and the epoch. */
function epochOrder(config: TrainConfig, pairs: number, epoch: number, lengthOf: (row: number) => number): Uint32Array {
  const { train_sampling_strategy: strategy, seed } = config;
  const order = Uint32Array.from({ length: pairs }, (_, i) => i);
  if (strategy === 'sequential') return order;
  // A large odd step keeps epochs of neighbouring seeds apart.
  const random = seededRandom(seed + epoch * 0x9e3779b1);
  for (let i = pairs - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    swap(order, i, j);
  }
  if (strategy === 'group_by_length')
    groupByLength(order, config.per_device_train_batch_size * config.gradient_accumulation_steps, lengthOf);
  return order;
}

/** Steps whose rows are brought in order together. */
const stepsTogether = 50;

/**
 * As `get_length_grouped_indices` of transformers' `trainer_pt_utils.py`: stretches of some steps are sorted by length,
 * and the longest row of all comes first, so that what does not fit in memory shows at once.
 */
function groupByLength(order: Uint32Array, stepRows: number, lengthOf: (row: number) => number): void {
  const together = stepRows * Math.max(1, Math.min(stepsTogether, Math.floor(order.length / (4 * stepRows))));
  let longest = 0;
  for (let from = 0; from < order.length; from += together) {
    order.subarray(from, from + together).sort((a, b) => lengthOf(b) - lengthOf(a));
    if (lengthOf(order[from] ?? 0) > lengthOf(order[longest] ?? 0)) longest = from;
  }
  swap(order, 0, longest);
}

function swap(order: Uint32Array, i: number, j: number): void {
  [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
}
