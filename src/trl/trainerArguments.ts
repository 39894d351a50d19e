import type { TrainConfig } from '../run/types';

/** Arguments of a TRL config class by name, with their JSON types. */
export type Arguments = Readonly<Record<string, unknown>>;

/** How a key reaches a run of TRL. */
type Fate =
  /** It is an argument of the trainer's config class. */
  | 'argument'
  /** runner.py reads it from job.json, or it is a part of the adapter that the run starts from. */
  | 'job'
  /** It decides which rows are written for TRL, and in which order. */
  | 'rows'
  /** It says how `accelerate launch` starts the processes. */
  | 'launch'
  /** It names the run, its folder or its place. */
  | 'run'
  /** A rule of `run/rules/backendRules.ts` refuses every value but the default. */
  | 'refused';

/** Every key of a config. The compiler refuses a key without an entry, so none is dropped. */
export const keyFates: Readonly<Record<keyof TrainConfig, Fate>> = {
  trainer: 'job',
  model_name_or_path: 'job',
  adapter_name_or_path: 'job',
  dtype: 'job',
  train_file: 'rows',
  eval_file: 'rows',
  columns: 'rows',
  pair_rule: 'rows',
  pair_gap: 'rows',
  pair_ties: 'rows',
  data_format: 'rows',
  use_marks: 'rows',
  test_split_size: 'rows',
  output_dir: 'run',
  run_name: 'run',
  loss_type: 'argument',
  loss_weights: 'argument',
  beta: 'argument',
  label_smoothing: 'argument',
  cdpo_label_smoothing: 'refused',
  f_divergence_type: 'argument',
  f_alpha_divergence_coef: 'argument',
  discopop_tau: 'argument',
  ld_alpha: 'argument',
  use_weighting: 'argument',
  cpo_alpha: 'argument',
  simpo_gamma: 'argument',
  desirable_weight: 'argument',
  undesirable_weight: 'argument',
  ref_model: 'refused',
  sync_ref_model: 'refused',
  ref_model_mixup_alpha: 'refused',
  ref_model_sync_steps: 'refused',
  learning_rate: 'argument',
  lr_scheduler_type: 'argument',
  warmup_steps: 'argument',
  weight_decay: 'argument',
  adam_beta1: 'argument',
  adam_beta2: 'argument',
  adam_epsilon: 'argument',
  max_grad_norm: 'argument',
  per_device_train_batch_size: 'argument',
  gradient_accumulation_steps: 'argument',
  max_steps: 'argument',
  num_train_epochs: 'argument',
  max_length: 'argument',
  train_sampling_strategy: 'rows',
  seed: 'argument',
  logging_steps: 'argument',
  per_token_metrics: 'refused',
  save_steps: 'argument',
  save_total_limit: 'argument',
  reward_steps: 'refused',
  eval_steps: 'argument',
  per_device_eval_batch_size: 'argument',
  guard_file: 'refused',
  sample_prompts_file: 'refused',
  metric_for_best_model: 'argument',
  greater_is_better: 'argument',
  load_best_model_at_end: 'refused',
  early_stopping_patience: 'job',
  early_stopping_threshold: 'job',
  use_peft: 'job',
  lora_r: 'job',
  lora_alpha: 'job',
  lora_dropout: 'job',
  disable_dropout: 'argument',
  lora_target_modules: 'job',
  use_rslora: 'job',
  device: 'argument',
  rank_pattern: 'job',
  alpha_pattern: 'job',
  layers_to_transform: 'job',
  backend: 'run',
  target: 'run',
  distributed_type: 'launch',
  num_processes: 'launch',
  num_machines: 'launch',
  main_process_ip: 'launch',
  main_process_port: 'launch',
  zero_stage: 'launch',
  mixed_precision: 'argument',
  load_in_4bit: 'job',
  gradient_checkpointing: 'argument',
};

/**
 * The arguments of TRL 1.16's `DPOConfig`, `KTOConfig`, `CPOConfig` or `ORPOConfig` for a run. Every default in which
 * TRL differs from Margin is written out.
 *
 * @param held whether the run has held-out rows
 */
export function trainerArguments(config: TrainConfig, held: boolean): Arguments {
  return { ...common(config), ...evaluation(config, held), ...own(config) };
}

/** Those of transformers' `TrainingArguments`. */
function common(config: TrainConfig): Arguments {
  return {
    ...optimizer(config),
    per_device_train_batch_size: config.per_device_train_batch_size,
    gradient_accumulation_steps: config.gradient_accumulation_steps,
    max_steps: config.max_steps,
    num_train_epochs: config.num_train_epochs,
    // runner.py gives the rows in Margin's order, whatever the strategy.
    train_sampling_strategy: 'sequential',
    seed: config.seed,
    max_length: config.max_length,
    disable_dropout: config.disable_dropout,
    logging_steps: config.logging_steps,
    // As in Margin, NaN is shown.
    logging_nan_inf_filter: false,
    // With 0, runner.py saves at the end.
    ...(config.save_steps > 0 ? { save_strategy: 'steps', save_steps: config.save_steps } : { save_strategy: 'no' }),
    save_total_limit: config.save_total_limit,
    use_cpu: config.device === 'cpu',
    bf16: config.mixed_precision === 'bf16',
    fp16: false,
    tf32: config.device === 'cpu' ? null : false,
    gradient_checkpointing: config.gradient_checkpointing,
    report_to: 'none',
    push_to_hub: false,
    disable_tqdm: true,
  };
}

function optimizer(config: TrainConfig): Arguments {
  return {
    optim: 'adamw_torch',
    learning_rate: config.learning_rate,
    lr_scheduler_type: config.lr_scheduler_type,
    warmup_steps: config.warmup_steps,
    weight_decay: config.weight_decay,
    adam_beta1: config.adam_beta1,
    adam_beta2: config.adam_beta2,
    adam_epsilon: config.adam_epsilon,
    max_grad_norm: config.max_grad_norm,
  };
}

function evaluation(config: TrainConfig, held: boolean): Arguments {
  const { eval_steps: steps, metric_for_best_model: metric, early_stopping_patience: patience } = config;
  const best = metric === null && patience !== null ? 'loss' : metric;
  return {
    // The last step is always evaluated, by runner.py.
    ...(held && steps > 0 ? { eval_strategy: 'steps', eval_steps: steps } : { eval_strategy: 'no' }),
    per_device_eval_batch_size: config.per_device_eval_batch_size,
    ...(best === null
      ? {}
      : {
          metric_for_best_model: best.startsWith('eval_') ? best : `eval_${best}`,
          greater_is_better: config.greater_is_better ?? !best.endsWith('loss'),
        }),
  };
}

/** Those of the trainer's own config class. */
function own(config: TrainConfig): Arguments {
  const { beta } = config;
  const [loss] = config.loss_type;
  switch (config.trainer) {
    case 'dpo':
      return {
        beta,
        loss_type: config.loss_type,
        loss_weights: config.loss_weights,
        label_smoothing: config.label_smoothing,
        f_divergence_type: config.f_divergence_type,
        f_alpha_divergence_coef: config.f_alpha_divergence_coef,
        discopop_tau: config.discopop_tau,
        ld_alpha: config.ld_alpha,
        use_weighting: config.use_weighting,
        truncation_mode: 'keep_start',
      };
    case 'kto':
      return {
        beta,
        loss_type: loss,
        desirable_weight: config.desirable_weight,
        undesirable_weight: config.undesirable_weight,
      };
    case 'cpo':
      return {
        beta,
        loss_type: loss,
        label_smoothing: config.label_smoothing,
        cpo_alpha: config.cpo_alpha,
        simpo_gamma: config.simpo_gamma,
      };
    case 'orpo':
      return { beta };
  }
}
