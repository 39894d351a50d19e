import { deviceNames } from '../types';
import { count, countOrZero, type KeyTable } from './key';

/** The LoRA adapter, and the device. */
export const adapterKeys = {
  use_peft: {
    type: { kind: 'boolean' },
    default: false,
    text: 'True trains a LoRA adapter, a small file, with little memory; the model itself stays unchanged. False trains all weights, which needs four times the size of the model in memory.',
  },
  lora_r: {
    type: count,
    default: 16,
    text: 'The rank of the adapter. 8 or 16 is enough for tone and style; use 64 or more for much new behaviour.',
  },
  lora_alpha: {
    type: { kind: 'number', above: 0 },
    default: 32,
    text: 'The adapter’s output is scaled by alpha / r (alpha / √r with `use_rslora`). Twice the rank is usual.',
  },
  lora_dropout: {
    type: { kind: 'number', min: 0, below: 1 },
    default: 0.05,
    text: 'The fraction of the adapter’s inputs that training drops at random, by `seed`. It has no effect unless `disable_dropout` is false, since TRL’s DPO turns all dropout off. The adapter’s config records it in any case.',
  },
  disable_dropout: {
    type: { kind: 'boolean' },
    default: true,
    text: 'True (TRL’s default) turns dropout off, so that log-probs show only how the policy moved. False turns `lora_dropout` on, which may help if the run sees few pairs many times; it costs time and memory in each step. The model’s own dropout stays off.',
  },
  lora_target_modules: {
    type: { kind: 'modules', words: ['all-linear'] },
    default: null,
    nullable: true,
    text: 'The linear layers that get an adapter: a list of names such as ["q_proj", "v_proj"], a regular expression for whole module paths, or "all-linear" for all layers except the head, which is best for most runs. Null is PEFT’s default for the architecture.',
  },
  use_rslora: {
    type: { kind: 'boolean' },
    default: false,
    text: 'Scales the adapter by alpha / √r instead of alpha / r, so that adapters of high rank (64 and more) still learn.',
  },
  device: {
    type: { kind: 'choice', of: deviceNames },
    default: 'cpu',
    text: 'Margin’s own: the device that the model runs on. `cpu` works everywhere, and only there two runs are the same to the bit. `webgpu` uses a graphics card through Vulkan, Metal or Direct3D 12 and converts weights to float32 once, into the user’s cache folder; `dml` uses DirectML; `cuda` uses an NVIDIA card and needs CUDA 12 and ONNX Runtime’s CUDA libraries beside the runtime. No graphics card has tried the last three yet; `webgpu` was compared with `cpu` on a software driver.',
  },
  rank_pattern: {
    type: { kind: 'patterns', each: count },
    default: {},
    text: 'Other ranks for some modules, for example {"v_proj": 8}. The first regular expression that matches the end of a module’s path applies. PEFT has the same key.',
  },
  alpha_pattern: {
    type: { kind: 'patterns', each: { kind: 'number', above: 0 } },
    default: {},
    text: 'Other alphas for some modules, chosen in the same way as in `rank_pattern`.',
  },
  layers_to_transform: {
    type: { kind: 'numbers', each: countOrZero },
    default: null,
    nullable: true,
    text: 'The layers that get an adapter, counted from 0. Adapters on the upper layers alone train faster, because no gradient is computed below the lowest of them. Null means all layers; PEFT has the same key.',
  },
} as const satisfies Partial<KeyTable>;
