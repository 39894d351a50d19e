import { seededRandom } from '../engine/random';
import type { TrainConfig } from '../run/types';

/** Micro-batches of one optimizer step: indices of pairs. */
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

function microPerEpoch(config: TrainConfig, pairs: number): number {
  return Math.ceil(pairs / config.per_device_train_batch_size);
}

function stepsPerEpoch(config: TrainConfig, pairs: number): number {
  return Math.ceil(microPerEpoch(config, pairs) / config.gradient_accumulation_steps);
}

/**
 * What a step trains on: a function of config, number of pairs and step alone, so that a resumed run needs no state.
 * An epoch that does not divide ends in a short step, as in `transformers`' Trainer.
 */
export function planStep(config: TrainConfig, pairs: number, step: number): StepPlan {
  const { per_device_train_batch_size: size, gradient_accumulation_steps: accumulation } = config;
  const perEpoch = stepsPerEpoch(config, pairs);
  const epoch = Math.floor((step - 1) / perEpoch);
  const first = ((step - 1) % perEpoch) * accumulation;
  const last = Math.min(first + accumulation, microPerEpoch(config, pairs));
  const order = epochOrder(config, pairs, epoch);
  const microBatches = Array.from({ length: last - first }, (_, i) => order.slice((first + i) * size, (first + i + 1) * size));
  return { step, microBatches, epoch: epoch + last / microPerEpoch(config, pairs) };
}

/** File order, or Fisher–Yates from the seed and the epoch. */
function epochOrder({ train_sampling_strategy: strategy, seed }: TrainConfig, pairs: number, epoch: number): number[] {
  const order = Array.from({ length: pairs }, (_, i) => i);
  if (strategy === 'sequential') return order;
  // A large odd step keeps epochs of neighbouring seeds apart.
  const random = seededRandom(seed + epoch * 0x9e3779b1);
  for (let i = pairs - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}
