import { count, type Key } from './key';

/** AdamW, batches and the length of the run. */
export const optimizerKeys: readonly Key[] = [
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
];
