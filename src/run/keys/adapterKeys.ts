import { deviceNames } from '../types';
import { count, countOrNone, type Key } from './key';

/** The LoRA adapter, and the device. */
export const adapterKeys: readonly Key[] = [
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
