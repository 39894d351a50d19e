import type { TrainConfig } from './types';
import { simpoPresets } from './simpoPresets';

/** A recipe that others have published, as keys of a `*.train.json`. */
export interface Preset {
  readonly id: string;
  /** The name of the model or method that it made. */
  readonly name: string;
  /** The paper or recipe with these values. */
  readonly source: string;
  /** What it says in one line: data, size of the model, batch. */
  readonly about: string;
  /** Where Margin cannot do what the recipe does, and what stands in for it; null if it does the same. */
  readonly differs: string | null;
  readonly keys: Readonly<Partial<TrainConfig>>;
}

/** The recipes of Hugging Face’s alignment-handbook: warm-up over a tenth of the steps, then a cosine. */
const handbook = { lr_scheduler_type: 'cosine', warmup_steps: 0.1, max_length: 1024 } as const;

const handbookPresets: readonly Preset[] = [
  {
    id: 'zephyr',
    name: 'Zephyr-7B-β',
    source: 'Tunstall et al. 2023, arXiv:2310.16944; alignment-handbook, zephyr-7b-beta/dpo/config_full.yaml',
    about: 'DPO on UltraFeedback, all weights of 7B, batch 128',
    differs: null,
    keys: {
      ...handbook,
      loss_type: ['sigmoid'],
      beta: 0.01,
      learning_rate: 5e-7,
      per_device_train_batch_size: 8,
      gradient_accumulation_steps: 16,
      num_train_epochs: 1,
      use_peft: false,
    },
  },
  {
    id: 'zephyr-lora',
    name: 'Zephyr-7B-β, LoRA',
    source: 'alignment-handbook, zephyr-7b-beta/dpo/config_qlora.yaml',
    about: 'DPO on UltraFeedback, LoRA of rank 128 on 7B, batch 16 for each GPU',
    differs: 'The recipe stores the frozen weights in 4 bits and pages AdamW; Margin keeps the precision of the model.',
    keys: {
      ...handbook,
      loss_type: ['sigmoid'],
      beta: 0.01,
      learning_rate: 5e-6,
      per_device_train_batch_size: 4,
      gradient_accumulation_steps: 4,
      num_train_epochs: 1,
      use_peft: true,
      lora_r: 128,
      lora_alpha: 128,
      lora_dropout: 0.05,
      lora_target_modules: 'all-linear',
    },
  },
  {
    id: 'zephyr-gemma',
    name: 'Zephyr-7B-Gemma',
    source: 'alignment-handbook, zephyr-7b-gemma/dpo/config_full.yaml',
    about: 'DPO on dpo-mix-7k, all weights of 7B, batch 16 for each GPU',
    differs: null,
    keys: {
      ...handbook,
      loss_type: ['sigmoid'],
      beta: 0.05,
      learning_rate: 5e-7,
      per_device_train_batch_size: 2,
      gradient_accumulation_steps: 8,
      num_train_epochs: 2,
      use_peft: false,
    },
  },
  {
    id: 'smollm2',
    name: 'SmolLM2-1.7B',
    source: 'alignment-handbook, smollm2/dpo/config.yaml',
    about: 'DPO on UltraFeedback, all weights of 1.7B, batch 16 for each GPU',
    differs: null,
    keys: {
      ...handbook,
      loss_type: ['sigmoid'],
      beta: 0.5,
      learning_rate: 1e-6,
      per_device_train_batch_size: 2,
      gradient_accumulation_steps: 8,
      num_train_epochs: 3,
      use_peft: false,
    },
  },
  {
    id: 'smollm2-small',
    name: 'SmolLM2-360M',
    source: 'alignment-handbook, smollm2/dpo/config_smol.yaml',
    about: 'DPO on UltraFeedback, all weights of 360M, batch 16 for each GPU',
    differs: null,
    keys: {
      ...handbook,
      loss_type: ['sigmoid'],
      beta: 0.5,
      learning_rate: 1e-6,
      per_device_train_batch_size: 2,
      gradient_accumulation_steps: 8,
      num_train_epochs: 2,
      use_peft: false,
    },
  },
  {
    id: 'smollm3',
    name: 'SmolLM3-3B',
    source: 'alignment-handbook, smollm3/dpo/apo.yaml',
    about: 'APO-zero on the preferences of SmolTalk2, all weights of 3B, rows of 24,576 tokens',
    differs: 'The recipe’s cosine ends at a least rate (cosine_with_min_lr); here it ends at 0.',
    keys: {
      loss_type: ['apo_zero'],
      beta: 0.05,
      learning_rate: 1e-6,
      lr_scheduler_type: 'cosine',
      warmup_steps: 0.1,
      max_grad_norm: 0.2,
      max_length: 24576,
      per_device_train_batch_size: 1,
      gradient_accumulation_steps: 2,
      num_train_epochs: 1,
      use_peft: false,
    },
  },
];

const otherPresets: readonly Preset[] = [
  {
    id: 'tulu3',
    name: 'Tülu 3 8B',
    source: 'Lambert et al. 2024, arXiv:2411.15124; open-instruct, tulu3_dpo_8b.yaml',
    about: 'Length-normalised DPO on the Tülu 3 preference mixture, all weights of 8B, batch 128',
    differs: null,
    keys: {
      loss_type: ['sigmoid_norm'],
      beta: 5,
      learning_rate: 5e-7,
      lr_scheduler_type: 'linear',
      warmup_steps: 0.1,
      max_length: 2048,
      per_device_train_batch_size: 1,
      gradient_accumulation_steps: 128,
      num_train_epochs: 1,
      use_peft: false,
    },
  },
  {
    id: 'kto',
    name: 'KTO',
    source: 'Ethayarajh et al. 2024, arXiv:2402.01306; recipes of its repository HALOs',
    about: 'Judged answers (prompt, completion, label), all weights of 1B to 30B',
    differs: 'The recipe names no batch size for one machine: Margin’s default stays.',
    keys: {
      trainer: 'kto',
      loss_type: ['kto'],
      beta: 0.1,
      desirable_weight: 1,
      undesirable_weight: 1,
      learning_rate: 5e-6,
      weight_decay: 0.01,
      adam_epsilon: 1e-5,
      warmup_steps: 0.1,
      num_train_epochs: 1,
      use_peft: false,
    },
  },
  {
    id: 'orpo',
    name: 'Mistral-ORPO-β',
    source: 'Hong et al. 2024, arXiv:2403.07691; its repository, run_mistral_orpo_beta.sh',
    about: 'ORPO from a base model on UltraFeedback, all weights of 7B, batch 32',
    differs: 'The recipe’s rate falls as 1/√step (inverse_sqrt), which Margin has not: linear stands in for it.',
    keys: {
      trainer: 'orpo',
      loss_type: ['orpo'],
      beta: 0.1,
      learning_rate: 5e-6,
      lr_scheduler_type: 'linear',
      warmup_steps: 200,
      max_length: 2048,
      per_device_train_batch_size: 8,
      gradient_accumulation_steps: 4,
      num_train_epochs: 5,
      use_peft: false,
    },
  },
];

/** All presets, in the order of the list that offers them. */
export const presets: readonly Preset[] = [...handbookPresets, ...otherPresets, ...simpoPresets];
