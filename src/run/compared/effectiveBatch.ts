import type { TrainConfig } from '../types';

/** Pairs of one optimizer step. */
export function effectiveBatch({
  per_device_train_batch_size: size,
  gradient_accumulation_steps: steps,
}: Pick<TrainConfig, 'per_device_train_batch_size' | 'gradient_accumulation_steps'>): number {
  return size * steps;
}
