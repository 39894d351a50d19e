import { at } from '../base/pure/must';
import { seededRandom } from '../base/pure/seededRandom';
import type { TrainConfig } from '../run/types';

/** What one optimizer step trains on. */
export interface StepPlan {
  /** From 1. */
  readonly step: number;
  /** Indices of rows, a list for each micro-batch. */
  readonly microBatches: readonly (readonly number[])[];
  /** Passes over the data when the step is done, as transformers' `Trainer` logs it. */
  readonly epoch: number;
}

/** Optimizer steps of a whole run: `max_steps`, or as many as `num_train_epochs` takes. @param pairs training rows */
export function totalSteps(config: TrainConfig, pairs: number): number {
  if (config.max_steps > 0) return config.max_steps;
  return Math.max(1, Math.ceil(config.num_train_epochs * stepsPerEpoch(config, pairs)));
}

/** Steps from one evaluation to the next: `eval_steps`, or `reward_steps` if that is 0. 0: only after the last step. */
export const evalSteps = ({ eval_steps: own, reward_steps: rewards }: TrainConfig): number => (own > 0 ? own : rewards);

/** Micro-batches of a pass over the rows. The last one may be short. */
export function microPerEpoch(config: TrainConfig, pairs: number): number {
  return Math.ceil(pairs / config.per_device_train_batch_size);
}

/** Optimizer steps of a pass over the rows. The last one may be short. */
export function stepsPerEpoch(config: TrainConfig, pairs: number): number {
  return Math.ceil(microPerEpoch(config, pairs) / config.gradient_accumulation_steps);
}

/**
 * Chooses the rows of each step from config, number of rows and step alone, so a resumed run needs no saved state. If
 * the rows of an epoch do not fill its last step, that step is short, as in transformers' `Trainer`.
 */
export class StepPlanner {
  /** The newest epoch's order, kept because making it visits every row. */
  private order: { readonly epoch: number; readonly indices: Uint32Array } | null = null;

  constructor(
    private readonly config: TrainConfig,
    private readonly pairs: number,
    /** Tokens of a row, for `group_by_length`. */
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

/** The file's order, or a Fisher–Yates shuffle from seed and epoch. */
export function epochOrder(
  config: TrainConfig,
  pairs: number,
  epoch: number,
  lengthOf: (row: number) => number,
): Uint32Array {
  const { train_sampling_strategy: strategy, seed } = config;
  const order = Uint32Array.from({ length: pairs }, (_, i) => i);
  if (strategy === 'sequential') return order;
  // The large odd multiplier keeps the random numbers of different seeds and epochs apart.
  const random = seededRandom(seed + epoch * 0x9e3779b1);
  for (let i = pairs - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    swap(order, i, j);
  }
  if (strategy === 'group_by_length')
    groupByLength(order, config.per_device_train_batch_size * config.gradient_accumulation_steps, lengthOf);
  return order;
}

/** The rows of this many steps are sorted together. */
const stepsSorted = 50;

/**
 * Puts rows of similar length together, as `get_length_grouped_indices` of transformers' `trainer_pt_utils.py`: sorts
 * the rows of some steps at a time, longest first. The longest row of all comes first, so that a run that does not fit
 * in memory fails at once.
 */
function groupByLength(order: Uint32Array, stepRows: number, lengthOf: (row: number) => number): void {
  const sorted = stepRows * Math.max(1, Math.min(stepsSorted, Math.floor(order.length / (4 * stepRows))));
  let longest = 0;
  for (let from = 0; from < order.length; from += sorted) {
    order.subarray(from, from + sorted).sort((a, b) => lengthOf(b) - lengthOf(a));
    if (lengthOf(at(order, from)) > lengthOf(at(order, longest))) longest = from;
  }
  swap(order, 0, longest);
}

function swap(order: Uint32Array, i: number, j: number): void {
  [order[i], order[j]] = [at(order, j), at(order, i)];
}
