import type { Machine } from '../base/pure/machine';
import type { ObjectiveName, TrainerName } from './objectives';

/**
 * The files of a run folder. The folder is the only interface of a run: trainer, CLI, panel and a colleague over ssh
 * read and write these and nothing else.
 *
 *     20261123-1542-sample-dpo/
 *       config.json      RunConfig: what was asked, resolved
 *       events.jsonl     append-only, one RunEvent a line; a resume replaces it by what was recorded up to its checkpoint
 *       state.json       RunState, replaced atomically
 *       control.json     RunControl, replaced atomically; the trainer reads it between steps
 *       lock-ID.json     LockHolder, while a process starts, trains, scores or deletes the run
 *       checkpoints/step-000050/
 *       rewards/step-000050.jsonl   PairReward a line
 *       scoring.json     ScoringState, replaced atomically: how much of the rewards at the run's end is there
 *       log.txt
 */

/** Grows when a reader of the old version could misread the new files. A reader refuses a newer one. */
export const runVersion = 1;

/**
 * Hyperparameters with TRL's and PEFT's names and, where TRL has one, TRL's default. Paths are absolute once resolved.
 */
export interface TrainConfig {
  readonly trainer: TrainerName;
  readonly model_name_or_path: string;
  readonly adapter_name_or_path: string | null;
  readonly dtype: 'auto' | 'float32' | 'float16' | 'bfloat16';
  readonly train_file: string;
  readonly eval_file: string | null;
  /** Part of train_file's prompts that is held out; 0: none. */
  readonly test_split_size: number;
  readonly output_dir: string;
  readonly run_name: string | null;
  readonly loss_type: readonly ObjectiveName[];
  readonly loss_weights: readonly number[];
  readonly beta: number;
  readonly label_smoothing: number;
  /** Margin's own: label smoothing of `sigmoid`, which TRL's DPO ignores. */
  readonly cdpo_label_smoothing: number;
  readonly f_divergence_type: 'reverse_kl' | 'forward_kl' | 'js_divergence' | 'alpha_divergence';
  readonly f_alpha_divergence_coef: number;
  readonly discopop_tau: number;
  /** LD-DPO: weight of an answer's tokens beyond the length of the other one; null: 1. */
  readonly ld_alpha: number | null;
  /** WPO. */
  readonly use_weighting: boolean;
  readonly cpo_alpha: number;
  readonly simpo_gamma: number;
  /** KTO: factors of the losses of good and of bad answers. */
  readonly desirable_weight: number;
  readonly undesirable_weight: number;
  /**
   * What the policy is held against: what the run starts from, or the model without the adapter that it starts from.
   */
  readonly ref_model: 'start' | 'base';
  /** TR-DPO: the reference moves towards the policy. */
  readonly sync_ref_model: boolean;
  readonly ref_model_mixup_alpha: number;
  /** Optimizer steps from one move to the next. */
  readonly ref_model_sync_steps: number;
  readonly learning_rate: number;
  readonly lr_scheduler_type: 'linear' | 'cosine' | 'constant' | 'constant_with_warmup';
  /** Steps, or below 1 a fraction of all steps. */
  readonly warmup_steps: number;
  readonly weight_decay: number;
  readonly adam_beta1: number;
  readonly adam_beta2: number;
  readonly adam_epsilon: number;
  readonly max_grad_norm: number;
  readonly per_device_train_batch_size: number;
  readonly gradient_accumulation_steps: number;
  /** Optimizer steps; -1 leaves it to num_train_epochs. */
  readonly max_steps: number;
  readonly num_train_epochs: number;
  /** Tokens of prompt + completion; null means no limit. */
  readonly max_length: number | null;
  readonly train_sampling_strategy: 'random' | 'sequential' | 'group_by_length';
  readonly seed: number;
  readonly logging_steps: number;
  /** Margin's own: rewards and log-probs a second time, divided by the tokens of each answer. */
  readonly per_token_metrics: boolean;
  /** 0: only at the end. */
  readonly save_steps: number;
  readonly save_total_limit: number | null;
  /** Margin's own: score every pair each so many steps; 0: only when the run is done. */
  readonly reward_steps: number;
  /** 0: where rewards are measured; after the last step in any case. */
  readonly eval_steps: number;
  readonly per_device_eval_batch_size: number;
  /** With or without `eval_`; null: `loss` where something asks for the best. */
  readonly metric_for_best_model: string | null;
  /** null: yes, unless the metric's name ends in `loss`. */
  readonly greater_is_better: boolean | null;
  readonly load_best_model_at_end: boolean;
  /** Arguments of transformers' EarlyStoppingCallback. */
  readonly early_stopping_patience: number | null;
  readonly early_stopping_threshold: number;
  readonly use_peft: boolean;
  readonly lora_r: number;
  readonly lora_alpha: number;
  readonly lora_dropout: number;
  /** False: `lora_dropout` acts in training. */
  readonly disable_dropout: boolean;
  /** A list of module names, a pattern for whole paths, or "all-linear"; null: PEFT's default for the architecture. */
  readonly lora_target_modules: readonly string[] | string | null;
  readonly use_rslora: boolean;
  readonly device: DeviceName;
  /** By pattern of module paths. */
  readonly rank_pattern: Readonly<Record<string, number>>;
  readonly alpha_pattern: Readonly<Record<string, number>>;
  readonly layers_to_transform: readonly number[] | null;
}

export interface FileFingerprint {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Of a file of the model. */
export interface ModelFingerprint extends Omit<FileFingerprint, 'sha256'> {
  /** null: not read yet; of a large file the trainer reads it right after its first step, or another run did. */
  readonly sha256: string | null;
}

export interface RunConfig {
  readonly version: number;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly config: TrainConfig;
  readonly data: FileFingerprint;
  readonly model: readonly ModelFingerprint[];
  readonly versions: Readonly<Record<string, string>>;
}

/** TRL's metric names: loss, rewards/chosen, rewards/margins, logps/rejected, grad_norm, learning_rate, epoch, … */
/** ONNX Runtime's execution providers. */
export const deviceNames = ['cpu', 'webgpu', 'cuda', 'dml'] as const;
export type DeviceName = (typeof deviceNames)[number];

export type Metrics = Readonly<Record<string, number>>;

export type RunEvent =
  | { readonly t: number; readonly step: number; readonly kind: 'train' | 'eval'; readonly metrics: Metrics }
  | { readonly t: number; readonly step: number; readonly kind: 'checkpoint' | 'rewards'; readonly path: string }
  | {
      readonly t: number;
      readonly step: number;
      readonly kind: 'sample';
      readonly prompt: string;
      readonly before: string;
      readonly after: string;
    }
  | { readonly t: number; readonly step: number; readonly kind: 'note'; readonly message: string }
  | {
      readonly t: number;
      readonly step: number;
      readonly kind: 'error';
      readonly code: string;
      readonly message: string;
    };

/** The evaluation that `metric_for_best_model` finds the best so far; a checkpoint of its step is kept. */
export interface BestModel {
  readonly step: number;
  /** With `eval_`. */
  readonly metric: string;
  readonly value: number;
}

export type RunStatus = 'starting' | 'running' | 'paused' | 'stopping' | 'done' | 'stopped' | 'failed';

export interface RunState {
  readonly version: number;
  readonly status: RunStatus;
  readonly pid: number;
  /** Where the pid means something; null: an older Margin wrote this. */
  readonly machine: Machine | null;
  /** Milliseconds since 1970, renewed at least each 2 s while the process lives and is not inside a step. */
  readonly heartbeat: number;
  readonly step: number;
  readonly steps: number;
  /** Lines of the data read so far, while the run starts; null before and after. */
  readonly rows_read: number | null;
  /** Seconds left, null while unknown. */
  readonly eta: number | null;
  readonly pairs_per_second: number | null;
  readonly tokens_per_second: number | null;
  /** null: no evaluation yet, or nothing asks for the best. */
  readonly best: BestModel | null;
  /** Resident bytes of the trainer process. */
  readonly memory: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Of the scorer of a run: the trainer itself once its run is done, else a process of its own. */
export interface ScoringState {
  readonly version: number;
  /** `offered`: nobody scores, and some pairs are not scored yet. */
  readonly status: 'offered' | 'running' | 'done' | 'failed';
  readonly pid: number;
  /** See RunState. */
  readonly machine: RunState['machine'];
  /** Milliseconds since 1970, as that of RunState. */
  readonly heartbeat: number;
  /** The step whose model scores. */
  readonly step: number;
  /** Pairs scored, and pairs to be scored in all; each counts twice where the start of the run is to be scored too. */
  readonly scored: number;
  /** null: not counted yet. */
  readonly total: number | null;
  /** Seconds left, null while unknown. */
  readonly eta: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** How much of the rewards at a run's end is there. */
export type Scoring = Pick<ScoringState, 'status' | 'step' | 'scored' | 'total' | 'eta' | 'error'>;

export interface RunControl {
  /** What is wanted now. `stop` saves a checkpoint first. */
  readonly want: 'run' | 'pause' | 'stop';
}

export interface SideReward {
  /** Sum of log-probs over completion tokens, nats. */
  readonly logp: number;
  readonly ref_logp: number;
  /** β·(logp − ref_logp). */
  readonly reward: number;
  readonly tokens: number;
  readonly ids?: readonly number[];
  readonly logps?: readonly number[];
  readonly ref_logps?: readonly number[];
}

/** A line of rewards/step-N.jsonl and of `margin score`. */
export interface PairReward {
  /** Row of the pair among the file's lines, from 0. */
  readonly row: number;
  /** Line of the file, from 1. */
  readonly line: number;
  /** Hash of the pair's content: the join key that survives line moves. */
  readonly key: string;
  /**
   * Of a judged answer, its label: it stands in `chosen` where it is good, else in `rejected`; the other side is empty.
   */
  readonly label?: boolean;
  readonly chosen: SideReward;
  readonly rejected: SideReward;
  readonly margin: number;
}
