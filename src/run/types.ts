import type { BackendConfig } from './backendTypes';
import type { SampleEvent } from './sampleEvent';
import type { Machine } from '../base/pure/machine';
import type { OwnColumns } from '../pairs/own/ownColumns';
import type { PairRuleName, TieChoice } from '../pairs/pairRule';
import type { TokenText } from '../pairs/tokens/tokenRow';
import type { ObjectiveName, TrainerName } from './objectives';

/**
 * The files of a run folder. The folder is the only interface of a run: the trainer, the CLI, the panel and a colleague
 * over ssh read and write these files and nothing else.
 *
 *     20261123-1542-sample-dpo/
 *       config.json      RunConfig: the resolved config and what it refers to
 *       events.jsonl     one RunEvent per line, appended; a resume removes the events after its checkpoint
 *       state.json       RunState, replaced atomically
 *       control.json     RunControl (runControl.ts), replaced atomically; the trainer reads it between steps
 *       lock-ID.json     LockHolder, while a process starts, trains, scores or deletes the run
 *       checkpoints/step-000050/
 *       rewards/step-000050.jsonl   one PairReward per line
 *       rewards/visits.jsonl        one PairVisit (visits.ts) per line, appended and cut as events.jsonl
 *       scoring.json     ScoringState, replaced atomically: the progress of the rewards at the end of the run
 *       notes.json       RunNotes (notes.ts), replaced atomically; what a person noted, absent until then
 *       queued.json      the place in the queue, while the status is `queued`
 *       log.txt
 */

/** Increases when an old reader could misread the new files. A reader refuses a newer version. */
export const runVersion = 1;

/** The execution providers of ONNX Runtime. */
export const deviceNames = ['cpu', 'webgpu', 'cuda', 'dml'] as const;
export type DeviceName = (typeof deviceNames)[number];

export const dtypes = ['auto', 'float32', 'float16', 'bfloat16'] as const;
export const fDivergences = ['reverse_kl', 'forward_kl', 'js_divergence', 'alpha_divergence'] as const;
export const references = ['start', 'base'] as const;
export const schedules = ['linear', 'cosine', 'constant', 'constant_with_warmup'] as const;
export const samplingStrategies = ['random', 'sequential', 'group_by_length'] as const;

/**
 * The hyperparameters of a run, with the names of TRL and PEFT and, if TRL has one, TRL's default. Paths are absolute.
 * The table in `keys/` describes each field; its type makes the compiler check the two against each other.
 */
export interface TrainConfig extends BackendConfig {
  readonly trainer: TrainerName;
  readonly model_name_or_path: string;
  readonly adapter_name_or_path: string | null;
  readonly dtype: (typeof dtypes)[number];
  readonly train_file: string;
  readonly eval_file: string | null;
  /** Margin's own: the columns of both files; null: the format of each row is detected. */
  readonly columns: OwnColumns | null;
  /** Margin's own: how lists of answers become pairs; null: as their format says, see `ruleOf`. */
  readonly pair_rule: PairRuleName | null;
  /** Margin's own: the least difference of scores or ranks, for `pair_rule` gap. */
  readonly pair_gap: number;
  /** Margin's own: what two equal answers of a list become. */
  readonly pair_ties: TieChoice;
  /** Margin's own: id of the format of both files; null: the format of each row is detected. */
  readonly data_format: string | null;
  /** Margin's own: whether the verdicts in the marks files beside both files are applied. */
  readonly use_marks: boolean;
  /** The fraction of train_file's prompts that is held out; 0: none. */
  readonly test_split_size: number;
  readonly output_dir: string;
  readonly run_name: string | null;
  readonly loss_type: readonly ObjectiveName[];
  /** One weight per loss. */
  readonly loss_weights: readonly number[];
  readonly beta: number;
  readonly label_smoothing: number;
  /** Margin's own: label smoothing of `sigmoid`, which TRL's DPO does not have. */
  readonly cdpo_label_smoothing: number;
  readonly f_divergence_type: (typeof fDivergences)[number];
  readonly f_alpha_divergence_coef: number;
  readonly discopop_tau: number;
  /** LD-DPO: the weight of tokens beyond the length of the other answer; null: 1. */
  readonly ld_alpha: number | null;
  /** WPO. */
  readonly use_weighting: boolean;
  readonly cpo_alpha: number;
  readonly simpo_gamma: number;
  /** KTO: the weights of the losses of good and of bad answers. */
  readonly desirable_weight: number;
  readonly undesirable_weight: number;
  /** The reference: the model that the run starts from, or that model without its adapter. */
  readonly ref_model: (typeof references)[number];
  /** TR-DPO: the reference follows the policy. */
  readonly sync_ref_model: boolean;
  readonly ref_model_mixup_alpha: number;
  /** Optimizer steps between two updates of the reference. */
  readonly ref_model_sync_steps: number;
  readonly learning_rate: number;
  readonly lr_scheduler_type: (typeof schedules)[number];
  /** A number of steps; below 1, a fraction of all steps. */
  readonly warmup_steps: number;
  readonly weight_decay: number;
  readonly adam_beta1: number;
  readonly adam_beta2: number;
  readonly adam_epsilon: number;
  readonly max_grad_norm: number;
  readonly per_device_train_batch_size: number;
  readonly gradient_accumulation_steps: number;
  /** Optimizer steps; -1: num_train_epochs decides. */
  readonly max_steps: number;
  readonly num_train_epochs: number;
  /** Tokens of prompt + completion; null: no limit. */
  readonly max_length: number | null;
  readonly train_sampling_strategy: (typeof samplingStrategies)[number];
  readonly seed: number;
  readonly logging_steps: number;
  /** Margin's own: also log rewards and log-probs divided by the tokens of each answer. */
  readonly per_token_metrics: boolean;
  /** 0: only at the end. */
  readonly save_steps: number;
  readonly save_total_limit: number | null;
  /** Margin's own: steps between two scorings of every pair; 0: only after the run. */
  readonly reward_steps: number;
  /** 0: whenever rewards are computed. The last step is always evaluated. */
  readonly eval_steps: number;
  readonly per_device_eval_batch_size: number;
  /** Margin's own: a plain text that each evaluation measures the language model on. */
  readonly guard_file: string | null;
  /** Margin's own: the prompts that samples answer; null: the first ones of the held-out rows. */
  readonly sample_prompts_file: string | null;
  /** With or without `eval_`; null: `loss` if another key needs the best evaluation. */
  readonly metric_for_best_model: string | null;
  /** null: true, unless the name of the metric ends in `loss`. */
  readonly greater_is_better: boolean | null;
  readonly load_best_model_at_end: boolean;
  /** Arguments of transformers' EarlyStoppingCallback. */
  readonly early_stopping_patience: number | null;
  readonly early_stopping_threshold: number;
  readonly use_peft: boolean;
  readonly lora_r: number;
  readonly lora_alpha: number;
  readonly lora_dropout: number;
  /** False: training uses `lora_dropout`. */
  readonly disable_dropout: boolean;
  /** A list of module names, a regular expression for whole paths, or "all-linear"; null: PEFT's default. */
  readonly lora_target_modules: readonly string[] | string | null;
  readonly use_rslora: boolean;
  readonly device: DeviceName;
  /** Ranks by regular expression of module paths. */
  readonly rank_pattern: Readonly<Record<string, number>>;
  readonly alpha_pattern: Readonly<Record<string, number>>;
  readonly layers_to_transform: readonly number[] | null;
}

/** The config as a `*.train.json` writes it, with the defaults filled in: null weights each loss with 1. */
export interface WrittenConfig extends Omit<TrainConfig, 'loss_weights'> {
  readonly loss_weights: readonly number[] | null;
}

export interface FileFingerprint {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

/** The fingerprint of a model's file. */
export interface ModelFingerprint extends Omit<FileFingerprint, 'sha256'> {
  /** null: not computed yet. The trainer hashes a large file after its first step, unless an earlier run did. */
  readonly sha256: string | null;
}

export interface RunConfig {
  readonly version: number;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly config: TrainConfig;
  readonly data: FileFingerprint;
  /** The text of `guard_file`; null: the run has none. */
  readonly guard: FileFingerprint | null;
  /** The marks files of `train_file` and `eval_file` when the run was made; empty without `use_marks`. */
  readonly marks: readonly FileFingerprint[];
  readonly model: readonly ModelFingerprint[];
  readonly versions: Readonly<Record<string, string>>;
}

/** Values by TRL's metric names: loss, rewards/chosen, rewards/margins, logps/rejected, grad_norm, epoch, … */
export type Metrics = Readonly<Record<string, number>>;

/** A line of events.jsonl. `t` is in milliseconds since 1970, `step` is the number of finished optimizer steps. */
export type RunEvent =
  | { readonly t: number; readonly step: number; readonly kind: 'train' | 'eval'; readonly metrics: Metrics }
  | { readonly t: number; readonly step: number; readonly kind: 'checkpoint' | 'rewards'; readonly path: string }
  | SampleEvent
  | { readonly t: number; readonly step: number; readonly kind: 'note'; readonly message: string }
  | {
      readonly t: number;
      readonly step: number;
      readonly kind: 'error';
      readonly code: string;
      readonly message: string;
    };

/** The best evaluation so far by `metric_for_best_model`. The checkpoint of its step is kept. */
export interface BestModel {
  readonly step: number;
  /** The name of the metric, with `eval_`. */
  readonly metric: string;
  readonly value: number;
}

export type RunStatus = 'queued' | 'starting' | 'running' | 'paused' | 'stopping' | 'done' | 'stopped' | 'failed';

export interface RunState {
  readonly version: number;
  readonly status: RunStatus;
  readonly pid: number;
  /** The machine of the pid; null: an older Margin wrote this file. */
  readonly machine: Machine | null;
  /** Milliseconds since 1970. The process renews it every 2 s, except while a step runs. */
  readonly heartbeat: number;
  readonly step: number;
  readonly steps: number;
  /** Lines of the data read so far; null except while the run starts. */
  readonly rows_read: number | null;
  /** Seconds left, null while unknown. */
  readonly eta: number | null;
  readonly pairs_per_second: number | null;
  readonly tokens_per_second: number | null;
  /** null: no evaluation yet, or no key needs the best one. */
  readonly best: BestModel | null;
  /** Held-out rows that evaluations measure; absent without them, and while the run reads its rows. */
  readonly held_out?: number;
  /** Resident bytes of the trainer process. */
  readonly memory: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** The state of a run's scorer, which is the trainer after its last step or a separate process. */
export interface ScoringState {
  readonly version: number;
  /** `offered`: some pairs are not scored yet, and no process scores them. */
  readonly status: 'offered' | 'running' | 'done' | 'failed';
  readonly pid: number;
  /** As in RunState. */
  readonly machine: RunState['machine'];
  /** As in RunState. */
  readonly heartbeat: number;
  /** The step of the checkpoint that scores. */
  readonly step: number;
  /** Pairs scored so far. A pair counts twice if the start of the run is scored too. */
  readonly scored: number;
  /** Pairs to score, counted in the same way; null: not counted yet. */
  readonly total: number | null;
  /** Seconds left, null while unknown. */
  readonly eta: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** The progress of the rewards at the end of a run. */
export type Scoring = Pick<ScoringState, 'status' | 'step' | 'scored' | 'total' | 'eta' | 'error'>;

export interface SideReward {
  /** The sum of the log-probs of the completion's tokens, in nats. */
  readonly logp: number;
  readonly ref_logp: number;
  /** β·(logp − ref_logp). */
  readonly reward: number;
  /** Tokens of the completion. */
  readonly tokens: number;
  /**
   * With `per_token`: one value for each token of the completion. Without a prompt nothing predicts the first token, so
   * its log-probs are 0.
   */
  readonly ids?: readonly number[];
  readonly logps?: readonly number[];
  readonly ref_logps?: readonly number[];
  /** The text that each token adds. */
  readonly texts?: readonly TokenText[];
}

/** A line of rewards/step-N.jsonl and of the output of `margin score`. */
export interface PairReward {
  /** The index of the pair's line in the file, from 0. */
  readonly row: number;
  /** The number of that line, from 1. */
  readonly line: number;
  /** A hash of the pair's content, 16 hexadecimal digits. It stays the same if the line moves. */
  readonly key: string;
  /** Only for a judged answer: true puts it in `chosen`, false in `rejected`. The other side is empty. */
  readonly label?: boolean;
  /** With `per_token`: the factor of the rewards, from which those of single tokens follow. */
  readonly beta?: number;
  readonly chosen: SideReward;
  readonly rejected: SideReward;
  readonly margin: number;
}
