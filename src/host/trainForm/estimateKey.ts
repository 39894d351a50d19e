import type { TrainConfig } from '../../run/types';

/** Keys that change neither the time nor the memory of a run. An edit of one keeps the estimate. */
const without: readonly (keyof TrainConfig)[] = [
  'run_name',
  'seed',
  'learning_rate',
  'lr_scheduler_type',
  'warmup_steps',
  'weight_decay',
  'adam_beta1',
  'adam_beta2',
  'adam_epsilon',
  'beta',
  'logging_steps',
];

/** A text that is the same for configs whose runs take the same time and memory. */
export function estimateKey(config: TrainConfig): string {
  const skipped: readonly string[] = without;
  return JSON.stringify(Object.entries(config).filter(([name]) => !skipped.includes(name)));
}
