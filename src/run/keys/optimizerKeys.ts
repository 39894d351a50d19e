import { samplingStrategies, schedules } from '../types';
import { count, type KeyTable } from './key';

/** AdamW, the batch size and the length of the run. */
export const optimizerKeys = {
  learning_rate: {
    type: { kind: 'number', above: 0 },
    default: 1e-6,
    text: 'The peak learning rate of AdamW. Use 1e-6 (TRL’s default) or 5e-7 for all weights of a large model, 1e-5 to 1e-4 with LoRA, and up to 1e-3 for tiny models.',
  },
  lr_scheduler_type: {
    type: { kind: 'choice', of: schedules },
    default: 'linear',
    text: 'How the learning rate changes after warm-up: `linear` and `cosine` fall to zero, `constant` and `constant_with_warmup` stay. Cosine stays high for longer; constant suits runs that you stop by hand. `constant` has no warm-up.',
  },
  warmup_steps: {
    type: { kind: 'number', min: 0 },
    default: 0,
    text: 'The number of steps in which the learning rate rises from zero; below 1 it is a fraction of all steps. 0.1 is usual for larger models.',
  },
  weight_decay: {
    type: { kind: 'number', min: 0 },
    default: 0,
    text: 'The decoupled weight decay of AdamW. 0 is usual for preference training; use up to 0.1 for all weights on little data.',
  },
  adam_beta1: {
    type: { kind: 'number', min: 0, below: 1 },
    default: 0.9,
    text: 'The decay rate of AdamW’s mean of gradients. Change it only to reproduce a recipe.',
  },
  adam_beta2: {
    type: { kind: 'number', min: 0, below: 1 },
    default: 0.999,
    text: 'The decay rate of AdamW’s mean of squared gradients. 0.95 makes large batches more stable; otherwise keep it.',
  },
  adam_epsilon: {
    type: { kind: 'number', above: 0 },
    default: 1e-8,
    text: 'The small number that keeps AdamW from dividing by zero. Keep it.',
  },
  max_grad_norm: {
    type: { kind: 'number', min: 0 },
    default: 1,
    text: 'Gradients with a larger norm are scaled down to it; 0 turns clipping off. 1 is usual. DPO on all weights clips in almost every step.',
  },
  per_device_train_batch_size: {
    type: count,
    default: 8,
    text: 'The number of pairs in one forward and backward pass. It sets the memory that a step needs: if memory is short, lower it and raise `gradient_accumulation_steps`.',
  },
  gradient_accumulation_steps: {
    type: count,
    default: 1,
    text: 'The number of passes per optimizer step. The effective batch size is this times `per_device_train_batch_size`.',
  },
  max_steps: {
    type: { kind: 'number', integer: true, min: -1 },
    default: -1,
    text: 'The number of optimizer steps of the run; -1 uses `num_train_epochs` instead. A small number makes a short trial run.',
  },
  num_train_epochs: {
    type: { kind: 'number', above: 0 },
    default: 3,
    text: 'The number of passes over the data; it may be a fraction. One epoch is usual for DPO, and more soon overfits. `max_steps` overrides it.',
  },
  max_length: {
    type: { kind: 'number', integer: true, min: 2 },
    default: 1024,
    nullable: true,
    text: 'The longest prompt + answer in tokens. A longer row loses the end of its answer; a row whose prompt alone is longer is left out. Null means no limit.',
  },
  train_sampling_strategy: {
    type: { kind: 'choice', of: samplingStrategies },
    default: 'random',
    byTrainer: { kto: 'sequential' },
    text: 'The order of rows. `random` shuffles each epoch by `seed`; `sequential` keeps the order of the file. `group_by_length` also shuffles, then puts rows of similar length into a batch: this is faster if lengths differ much, but such batches are less random. `kto` needs `sequential`, so shuffle its file first, with good and bad answers mixed.',
  },
  seed: {
    type: { kind: 'number', integer: true, min: 0, max: 0xffff_ffff },
    default: 42,
    text: 'Sets the order of pairs and the initial weights of a new adapter. The same config and seed give the same run on the same machine.',
  },
} as const satisfies Partial<KeyTable>;
