import { readFileSync } from 'node:fs';
import type { TrainConfig } from '../../../src/run/types';

export const goldenFolder = '../shared/golden/trl-1.16';
export const goldenModel = '../shared/models/stories260K-hf';

export interface GoldenRun {
  readonly full: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  readonly log: readonly Readonly<Record<string, number>>[];
}

export function readGolden(name: string): GoldenRun {
  return JSON.parse(readFileSync(`${goldenFolder}/${name}.json`, 'utf8')) as GoldenRun;
}

/** The defaults of the golden folder's README, and what the run's own config says differently. */
export function goldenConfig({ full, config }: GoldenRun): TrainConfig {
  return {
    trainer: 'dpo',
    model_name_or_path: goldenModel,
    adapter_name_or_path: full ? null : `${goldenFolder}/init`,
    train_file: `${goldenFolder}/pairs.jsonl`,
    eval_file: null,
    output_dir: '.margin/runs',
    run_name: null,
    loss_type: config.loss_type as string[],
    loss_weights: (config.loss_weights as number[] | undefined) ?? [1],
    beta: Number(config.beta),
    learning_rate: Number(config.learning_rate),
    lr_scheduler_type: config.lr_scheduler_type as TrainConfig['lr_scheduler_type'],
    warmup_steps: Number(config.warmup_steps ?? 0),
    weight_decay: Number(config.weight_decay ?? 0),
    adam_beta1: 0.9,
    adam_beta2: 0.999,
    adam_epsilon: 1e-8,
    max_grad_norm: 1,
    per_device_train_batch_size: Number(config.per_device_train_batch_size),
    gradient_accumulation_steps: Number(config.gradient_accumulation_steps ?? 1),
    max_steps: Number(config.steps),
    num_train_epochs: 3,
    max_length: Number(config.max_length),
    train_sampling_strategy: 'sequential',
    seed: 42,
    logging_steps: 1,
    save_steps: 0,
    save_total_limit: null,
    reward_steps: 0,
    use_peft: !full,
    lora_r: 4,
    lora_alpha: 8,
    lora_dropout: 0,
    lora_target_modules: 'all-linear',
    use_rslora: false,
  };
}
