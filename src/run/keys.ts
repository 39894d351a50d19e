import { objectiveTexts, type TrainerName } from './objectives';
import { deviceNames, type TrainConfig } from './types';

/** What a value of a key may be. `list`s also take a single item, as TRL does. */
export type KeyType =
  | { readonly kind: 'text' }
  /** Relative paths start at the config's folder; `~` is not expanded. */
  | { readonly kind: 'path' }
  | { readonly kind: 'boolean' }
  | NumberBounds
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  /** `texts` explain the choices, one each. */
  | { readonly kind: 'choices'; readonly of: readonly string[]; readonly texts: readonly string[] }
  | { readonly kind: 'numbers'; readonly each?: NumberBounds }
  /** Module names, a pattern for whole paths, or one of these words for all of them. */
  | { readonly kind: 'modules'; readonly words: readonly string[] }
  /** A number for each pattern of module paths. */
  | { readonly kind: 'patterns'; readonly each: NumberBounds };

export interface NumberBounds {
  readonly kind: 'number';
  readonly integer?: true;
  readonly above?: number;
  readonly min?: number;
  readonly below?: number;
  readonly max?: number;
}

export interface Key {
  readonly name: keyof TrainConfig;
  readonly type: KeyType;
  /** undefined: the key is mandatory. */
  readonly default: unknown;
  /** Where a trainer's own default differs. */
  readonly byTrainer?: Readonly<Partial<Record<TrainerName, unknown>>>;
  readonly nullable?: true;
  /** Hover text: what it is, and when to use which value. */
  readonly text: string;
}

const count = { kind: 'number', integer: true, min: 1 } as const;
const countOrNone = { kind: 'number', integer: true, min: 0 } as const;

/**
 * Every key of a `*.train.json`, in the order in which a reader wants them. Names and defaults are those of TRL 1.16
 * (`DPOConfig`, `ModelConfig`, `TrainingArguments`) and PEFT; where a default differs, the text says why. Validation,
 * the command line and the JSON schema all come from this table.
 */
export const keys: readonly Key[] = [
  {
    name: 'trainer',
    type: { kind: 'choice', of: ['dpo', 'kto', 'cpo', 'orpo'] },
    default: 'dpo',
    text: 'Which of TRL’s trainers to follow. `dpo` holds pairs against a reference, the start of the run; `kto` does so with single answers judged good or bad (rows of prompt, completion, label). `cpo` (with SimPO) and `orpo` do without one: cheaper, but nothing keeps the model near its start. They too leave out rows whose prompt fills `max_length`, for which TRL’s loss is NaN.',
  },
  {
    name: 'model_name_or_path',
    type: { kind: 'path' },
    default: undefined,
    text: 'The model to train: a folder in Hugging Face layout (config.json, tokenizer.json, *.safetensors), a .gguf file (of a split model any part), a model’s folder in the Hugging Face cache (models--org--name; the run keeps to the snapshot that `main` is then), or an adapter’s folder, to go on with it on its base. Margin downloads nothing: a Hub name must be a folder on this disk.',
  },
  {
    name: 'adapter_name_or_path',
    type: { kind: 'path' },
    default: null,
    nullable: true,
    text: 'Folder of a PEFT adapter to start from, to go on with an earlier run. Needs `use_peft`; rank, alpha and modules are then the adapter’s own. Null starts a fresh adapter.',
  },
  {
    name: 'dtype',
    type: { kind: 'choice', of: ['auto', 'float32', 'float16', 'bfloat16'] },
    default: 'auto',
    text: 'What the frozen weights are kept in; Margin computes in float32 whatever it is, and trains all weights in float32 in any case. `auto` maps them from the model’s files in the precision that they have and widens each where it is used, which takes the least memory. The others are made once in the user’s cache folder: `float32` (TRL’s default) spares a narrow model the widening, at two to seven times the mapped memory; `bfloat16` and `float16` round a float32 model to half of it, as TRL does.',
  },
  {
    name: 'train_file',
    type: { kind: 'path' },
    default: undefined,
    text: 'JSONL file of preference pairs to train on, in any shape the pair editor opens; with `trainer: kto` of single answers: prompt, completion, label. A number `weight` in a row, Margin’s own, multiplies its loss.',
  },
  {
    name: 'eval_file',
    type: { kind: 'path' },
    default: null,
    nullable: true,
    text: 'JSONL file of pairs that are only measured, never trained on. Rewards on it show whether the model generalises or memorises.',
  },
  {
    name: 'test_split_size',
    type: { kind: 'number', min: 0, below: 1 },
    default: 0,
    text: 'The part of `train_file`’s prompts that is held out and only measured, where there is no `eval_file`; 0.1 is usual, 0 holds out nothing. A prompt is held out with all its pairs, by its text and `seed`, which TRL’s split does not do.',
  },
  {
    name: 'output_dir',
    type: { kind: 'path' },
    default: '.margin/runs',
    text: 'Where run folders go, one a run. TRL’s default is `trainer_output`; Margin keeps runs out of sight beside the config, where the side bar looks for them.',
  },
  {
    name: 'run_name',
    type: { kind: 'text' },
    default: null,
    nullable: true,
    text: 'Name of the run, used for its folder. Null takes the config’s file name.',
  },
  {
    name: 'loss_type',
    type: {
      kind: 'choices',
      of: objectiveTexts.map(({ name }) => name),
      texts: objectiveTexts.map(({ text }) => text),
    },
    default: ['sigmoid'],
    byTrainer: { kto: ['kto'], orpo: ['orpo'] },
    text: 'Objective, or a list of them to be mixed. `sigmoid` is DPO and the place to start; `ipo` stops at a target margin, so it overfits clean labels less; `robust` expects flipped labels; `sft`, mixed in, keeps the chosen answers likely. Each name says when to use it.',
  },
  {
    name: 'loss_weights',
    type: { kind: 'numbers' },
    default: null,
    nullable: true,
    text: 'One weight for each `loss_type`, as in [1, 0.1]. Null weighs each 1.',
  },
  {
    name: 'beta',
    type: { kind: 'number', above: 0 },
    default: 0.1,
    text: 'How strongly the policy is held to the reference. 0.1 is usual; 0.01 lets it move further on good data, 0.5 keeps it close when labels are noisy.',
  },
  {
    name: 'label_smoothing',
    type: { kind: 'number', min: 0, below: 0.5 },
    default: 0,
    text: 'How many labels are taken to be flipped, as a fraction, by `robust` (0.1 is usual), `exo_pair` (1e-3), `aot` and `aot_unpaired`. The others do without, as in TRL; for `sigmoid` there is `cdpo_label_smoothing`.',
  },
  {
    name: 'cdpo_label_smoothing',
    type: { kind: 'number', min: 0, below: 0.5 },
    default: 0,
    text: 'Margin’s own: conservative DPO, the fraction of labels that `sigmoid` takes to be flipped. 0.1 keeps noisy labels from being learnt with certainty. TRL’s DPO has had no such thing since 0.29.',
  },
  {
    name: 'f_divergence_type',
    type: { kind: 'choice', of: ['reverse_kl', 'forward_kl', 'js_divergence', 'alpha_divergence'] },
    default: 'reverse_kl',
    text: 'What holds the policy to the reference (f-DPO): `reverse_kl` is DPO; `forward_kl` keeps more variety, `js_divergence` lies between, `alpha_divergence` goes from one to the other. For objectives on the difference of rewards only.',
  },
  {
    name: 'f_alpha_divergence_coef',
    type: { kind: 'number', min: 0 },
    default: 0.5,
    text: 'α of `f_divergence_type: alpha_divergence`: towards 1 it is reverse KL, towards 0 forward KL.',
  },
  {
    name: 'discopop_tau',
    type: { kind: 'number', above: 0 },
    default: 0.05,
    text: 'τ of `discopop`: how sharply it switches between logistic and exponential. 0.05 is the paper’s.',
  },
  {
    name: 'ld_alpha',
    type: { kind: 'number', min: 0, max: 1 },
    default: null,
    nullable: true,
    text: 'LD-DPO: how much the tokens of the longer answer count that lie beyond the length of the shorter one. 0.5 curbs long-windedness; 0 ignores them; null and 1 leave DPO as it is.',
  },
  {
    name: 'use_weighting',
    type: { kind: 'boolean' },
    default: false,
    text: 'WPO: weighs each pair by how likely the policy itself finds its answers, so that pairs drawn from another model count less. Weights are small, and so are losses: raise the learning rate.',
  },
  {
    name: 'cpo_alpha',
    type: { kind: 'number', min: 0 },
    default: 1,
    text: 'Of `trainer: cpo`: weight of the chosen answers’ cross-entropy. 1 is CPO; 0 with `loss_type: simpo` is SimPO as in its paper; between them lies CPO-SimPO.',
  },
  {
    name: 'simpo_gamma',
    type: { kind: 'number', min: 0 },
    default: 0.5,
    text: 'γ of `loss_type: simpo`: the margin between rewards that is aimed at. The paper’s runs have γ/β from 0.3 to 0.8, with β from 2 to 10.',
  },
  {
    name: 'desirable_weight',
    type: { kind: 'number', above: 0 },
    default: 1,
    text: 'Of `trainer: kto`: factor of the loss of good answers. Where good and bad ones are not equally many, the sums of factors should be: a note at the start of the run tells which values do.',
  },
  {
    name: 'undesirable_weight',
    type: { kind: 'number', above: 0 },
    default: 1,
    text: 'Of `trainer: kto`: factor of the loss of bad answers.',
  },
  {
    name: 'ref_model',
    type: { kind: 'choice', of: ['start', 'base'] },
    default: 'start',
    text: 'What the policy is held against, where a run starts from an adapter. `start` is that adapter on its model, as in TRL: rewards begin at 0, and each run may go as far again. `base` is the model without it: rewards count from there, as if the earlier run had never ended.',
  },
  {
    name: 'sync_ref_model',
    type: { kind: 'boolean' },
    default: false,
    text: 'TR-DPO: the reference follows the policy instead of staying at the start, so the model may go further without being pulled back. For LoRA too, where TRL refuses it. Costs a pass of the reference in every step.',
  },
  {
    name: 'ref_model_mixup_alpha',
    type: { kind: 'number', min: 0, max: 1 },
    default: 0.6,
    text: 'Of `sync_ref_model`: share of the policy in the new reference. 1 takes the policy as it is; the paper has 0.6 with 512 steps.',
  },
  {
    name: 'ref_model_sync_steps',
    type: count,
    default: 512,
    text: 'Of `sync_ref_model`: optimizer steps from one move of the reference to the next.',
  },
  {
    name: 'learning_rate',
    type: { kind: 'number', above: 0 },
    default: 1e-6,
    text: 'Peak learning rate of AdamW. 1e-6 (TRL’s default) or 5e-7 for all weights of a large model; LoRA wants 1e-5 to 1e-4, tiny models up to 1e-3.',
  },
  {
    name: 'lr_scheduler_type',
    type: { kind: 'choice', of: ['linear', 'cosine', 'constant', 'constant_with_warmup'] },
    default: 'linear',
    text: 'How the learning rate goes after warm-up: `linear` or `cosine` to zero, or `constant`. Cosine stays high longer; constant suits runs that are stopped by hand. `constant` has no warm-up.',
  },
  {
    name: 'warmup_steps',
    type: { kind: 'number', min: 0 },
    default: 0,
    text: 'Steps over which the learning rate rises from zero; below 1 it is a fraction of all steps. 0.1 is usual for larger models.',
  },
  {
    name: 'weight_decay',
    type: { kind: 'number', min: 0 },
    default: 0,
    text: 'AdamW’s decoupled weight decay. 0 is usual for preference training; up to 0.1 for full weights on little data.',
  },
  {
    name: 'adam_beta1',
    type: { kind: 'number', min: 0, below: 1 },
    default: 0.9,
    text: 'AdamW’s decay of the gradient mean. Leave it, unless you reproduce a recipe.',
  },
  {
    name: 'adam_beta2',
    type: { kind: 'number', min: 0, below: 1 },
    default: 0.999,
    text: 'AdamW’s decay of the squared gradient. 0.95 steadies large batches; else leave it.',
  },
  {
    name: 'adam_epsilon',
    type: { kind: 'number', above: 0 },
    default: 1e-8,
    text: 'AdamW’s guard against division by zero. Leave it.',
  },
  {
    name: 'max_grad_norm',
    type: { kind: 'number', min: 0 },
    default: 1,
    text: 'Gradients longer than this are scaled down to it; 0 clips nothing. 1 is usual. DPO of full weights is clipped at almost each step.',
  },
  {
    name: 'per_device_train_batch_size',
    type: count,
    default: 8,
    text: 'Pairs in one forward and backward pass. Memory grows with it: when it is short, lower this and raise `gradient_accumulation_steps`.',
  },
  {
    name: 'gradient_accumulation_steps',
    type: count,
    default: 1,
    text: 'Passes summed into one optimizer step. The effective batch is this times `per_device_train_batch_size`.',
  },
  {
    name: 'max_steps',
    type: { kind: 'number', integer: true, min: -1 },
    default: -1,
    text: 'Optimizer steps of the run; -1 leaves it to `num_train_epochs`. Useful for a short trial.',
  },
  {
    name: 'num_train_epochs',
    type: { kind: 'number', above: 0 },
    default: 3,
    text: 'How often the data is gone through; a fraction is allowed. One epoch is the usual choice for DPO: more soon overfits. Ignored when `max_steps` is set.',
  },
  {
    name: 'max_length',
    type: { kind: 'number', integer: true, min: 2 },
    default: 1024,
    nullable: true,
    text: 'Longest prompt + answer in tokens; what is longer loses its end, and pairs whose prompt alone is longer are left out. Null means no limit.',
  },
  {
    name: 'train_sampling_strategy',
    type: { kind: 'choice', of: ['random', 'sequential', 'group_by_length'] },
    default: 'random',
    byTrainer: { kto: 'sequential' },
    text: 'Order of rows: `random` shuffles each epoch from `seed`; `group_by_length` does so too and then brings rows of like length together, which is faster where they differ much and attention is a large part, but makes batches less alike; `sequential` keeps the file’s order, for data sorted on purpose. `kto` needs it, so shuffle its file beforehand, good and bad mixed.',
  },
  {
    name: 'seed',
    type: { kind: 'number', integer: true, min: 0, max: 0xffff_ffff },
    default: 42,
    text: 'Fixes the order of pairs and a fresh adapter’s first values. The same config and seed on the same machine give the same run.',
  },
  {
    name: 'logging_steps',
    type: count,
    default: 10,
    text: 'A point of the curves each so many optimizer steps, the mean over them. 1 shows everything; 10 is calmer.',
  },
  {
    name: 'per_token_metrics',
    type: { kind: 'boolean' },
    default: false,
    text: 'Margin’s own: tells rewards, margins, accuracies and log-probs a second time, each answer’s divided by its tokens (`rewards/margins_per_token`, …), in curves of their own. TRL’s are sums over an answer, so long answers count more: where the two part, the length of answers is part of what is learnt.',
  },
  {
    name: 'save_steps',
    type: countOrNone,
    default: 500,
    text: 'A checkpoint each so many steps, besides the one at the end; 0: only at the end. A killed run resumes from the newest.',
  },
  {
    name: 'save_total_limit',
    type: count,
    default: null,
    nullable: true,
    text: 'How many checkpoints are kept; older ones are deleted. Null keeps all.',
  },
  {
    name: 'reward_steps',
    type: countOrNone,
    default: 0,
    text: 'Margin’s own: the implicit reward of every pair is measured each so many steps; 0: only when the run is done, which holds nothing up. Each measurement between steps costs about a third of an epoch.',
  },
  {
    name: 'eval_steps',
    type: countOrNone,
    default: 0,
    text: 'The held-out pairs are measured, and samples drawn, each so many steps and after the last one; 0: where `reward_steps` measures and after the last one. 20 to 50 evaluations a run show enough.',
  },
  {
    name: 'per_device_eval_batch_size',
    type: count,
    default: 8,
    text: 'Pairs in one pass of an evaluation. Metrics but the loss are means over batches, so it changes them a little where the last batch is short.',
  },
  {
    name: 'metric_for_best_model',
    type: { kind: 'text' },
    default: null,
    nullable: true,
    text: 'The metric of evaluations that says which one is the best, such as "loss" or "rewards/accuracies", with or without `eval_`; a checkpoint of it is made and kept. Null is "loss" where `load_best_model_at_end` or `early_stopping_patience` asks, else none is the best.',
  },
  {
    name: 'greater_is_better',
    type: { kind: 'boolean' },
    default: null,
    nullable: true,
    text: 'Whether more of `metric_for_best_model` is better. Null: yes, unless its name ends in "loss".',
  },
  {
    name: 'load_best_model_at_end',
    type: { kind: 'boolean' },
    default: false,
    text: 'True ends the run on the evaluation that was the best: the last rewards and samples are that checkpoint’s. A run that is stopped stays where it is. `save_steps` need not fit `eval_steps`, as it must in transformers: the best is saved in any case.',
  },
  {
    name: 'early_stopping_patience',
    type: count,
    default: null,
    nullable: true,
    text: 'Ends the run after so many evaluations in a row that were no better; 3 to 5 is usual. Null never does. An argument of transformers’ EarlyStoppingCallback, as is `early_stopping_threshold`.',
  },
  {
    name: 'early_stopping_threshold',
    type: { kind: 'number', min: 0 },
    default: 0,
    text: 'By more than this `metric_for_best_model` must be better for `early_stopping_patience` to begin anew.',
  },
  {
    name: 'use_peft',
    type: { kind: 'boolean' },
    default: false,
    text: 'True trains a LoRA adapter: little memory, a small file, the model untouched. False trains every weight, which needs four times the model’s size in memory.',
  },
  {
    name: 'lora_r',
    type: count,
    default: 16,
    text: 'Rank of the adapter: 8 or 16 suffices for manners and style, 64 and more for much new behaviour.',
  },
  {
    name: 'lora_alpha',
    type: { kind: 'number', above: 0 },
    default: 32,
    text: 'The adapter’s output is scaled by alpha / r (alpha / √r with `use_rslora`). Twice the rank is usual.',
  },
  {
    name: 'lora_dropout',
    type: { kind: 'number', min: 0, below: 1 },
    default: 0.05,
    text: 'How much of what the adapter takes is dropped in training, at random by `seed`. Recorded in the adapter’s config, and without effect unless `disable_dropout` is false: TRL’s DPO switches all dropout off.',
  },
  {
    name: 'disable_dropout',
    type: { kind: 'boolean' },
    default: true,
    text: 'True, TRL’s default, drops nothing, so that log-probs say how the policy moved and no more. False lets `lora_dropout` act, which may help where few pairs are seen often; masks cost time and memory in each step. The model’s own dropout stays off.',
  },
  {
    name: 'lora_target_modules',
    type: { kind: 'modules', words: ['all-linear'] },
    default: null,
    nullable: true,
    text: 'Which linear layers get an adapter: names such as ["q_proj", "v_proj"], a regular expression for whole paths, or "all-linear" for every one but the head, the better choice for most runs. Null is PEFT’s default of the architecture.',
  },
  {
    name: 'use_rslora',
    type: { kind: 'boolean' },
    default: false,
    text: 'Scales the adapter by alpha / √r instead of alpha / r, so that high ranks (64 and more) still learn.',
  },
  {
    name: 'device',
    type: { kind: 'choice', of: deviceNames },
    default: 'cpu',
    text: 'Margin’s own: where the model runs. `cpu` is there everywhere, and the only one on which a run is the same to the bit each time. `webgpu` takes a graphics card through Vulkan, Metal or Direct3D 12, with weights in float32 (of a narrow model widened once in the user’s cache folder), `dml` through DirectML, `cuda` an NVIDIA card with CUDA 12; the last needs ONNX Runtime’s CUDA libraries beside the runtime.',
  },
  {
    name: 'rank_pattern',
    type: { kind: 'patterns', each: count },
    default: {},
    text: 'Other ranks for some modules: the first pattern that the end of a module’s path matches counts, as in {"v_proj": 8}. PEFT’s key of this name.',
  },
  {
    name: 'alpha_pattern',
    type: { kind: 'patterns', each: { kind: 'number', above: 0 } },
    default: {},
    text: 'Other alphas for some modules, chosen as by `rank_pattern`.',
  },
  {
    name: 'layers_to_transform',
    type: { kind: 'numbers', each: countOrNone },
    default: null,
    nullable: true,
    text: 'Only these layers get an adapter, counted from 0: the upper ones alone train faster, for nothing flows back below the lowest. Null takes all. PEFT’s key of this name.',
  },
];

/** What a key is where it is not given. */
export function defaultOf({ byTrainer, default: common }: Key, trainer: unknown): unknown {
  const own = Object.entries(byTrainer ?? {}).find(([name]) => name === trainer);
  return own ? own[1] : common;
}
