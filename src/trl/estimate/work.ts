import type { TrainConfig } from '../../run/types';

type WorkKeys = Pick<
  TrainConfig,
  | 'per_device_train_batch_size'
  | 'gradient_accumulation_steps'
  | 'num_processes'
  | 'max_steps'
  | 'num_train_epochs'
  | 'eval_steps'
>;

/** Rows of a side of a run, and their tokens as TRL counts them: the prompt counts for each answer. */
export interface RowTokens {
  readonly rows: number;
  readonly tokens: number;
}

/** What a run of TRL does. */
export interface Work {
  readonly steps: number;
  /** Tokens of all steps. */
  readonly trained: number;
  /** Tokens of all evaluations. */
  readonly evaluated: number;
}

/** Steps and tokens of a run. An epoch's last step may be short (transformers' `Trainer`). */
export function workOf(config: WorkKeys, train: RowTokens, held: RowTokens | null): Work {
  const { per_device_train_batch_size: size, gradient_accumulation_steps: accumulation } = config;
  const perEpoch = Math.ceil(Math.ceil(train.rows / (size * config.num_processes)) / accumulation);
  const isLimited = config.max_steps > 0;
  const steps = isLimited ? config.max_steps : Math.ceil(config.num_train_epochs * perEpoch);
  const epochs = isLimited ? steps / perEpoch : config.num_train_epochs;
  const every = config.eval_steps;
  // The last step is always evaluated.
  const evaluations = held === null ? 0 : 1 + (every > 0 ? Math.floor((steps - 1) / every) : 0);
  return { steps, trained: epochs * train.tokens, evaluated: held === null ? 0 : evaluations * held.tokens };
}

/** Seconds of a run at a rate. Each evaluated token counts as a trained one, which is too much: it has no gradient. */
export function secondsOf({ trained, evaluated }: Work, tokensPerSecond: number): number {
  return (trained + evaluated) / tokensPerSecond;
}

/** The price of a run. @param pricePerHour of one machine */
export function costOf(seconds: number, pricePerHour: number, machines: number): number {
  return (seconds / 3600) * pricePerHour * machines;
}
