import type { TrainConfig } from '../run/types';

/**
 * The learning rate of an optimizer step, as `transformers/optimization.py` sets it before that step. Warm-up rises
 * linearly from 0, so with warm-up the first step has the rate 0. A `warmup_steps` below 1 is a fraction of all steps.
 *
 * @param step from 1
 * @param steps optimizer steps of the whole run
 */
export function learningRate(config: TrainConfig, step: number, steps: number): number {
  const warmup = config.warmup_steps < 1 ? Math.ceil(config.warmup_steps * steps) : config.warmup_steps;
  const done = step - 1;
  if (config.lr_scheduler_type === 'constant') return config.learning_rate;
  if (done < warmup) return config.learning_rate * (done / Math.max(1, warmup));
  return config.learning_rate * decay(config.lr_scheduler_type, done - warmup, Math.max(1, steps - warmup));
}

function decay(type: Exclude<TrainConfig['lr_scheduler_type'], 'constant'>, done: number, steps: number): number {
  switch (type) {
    case 'linear':
      return Math.max(0, (steps - done) / steps);
    case 'cosine':
      return Math.max(0, 0.5 * (1 + Math.cos((Math.PI * done) / steps)));
    case 'constant_with_warmup':
      return 1;
  }
}
