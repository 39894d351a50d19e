import { backends, distributedTypes, mixedPrecisions } from '../backendTypes';
import { count, type KeyTable } from './key';

/** What trains a run: Margin, or TRL through accelerate. */
export const backendKeys = {
  backend: {
    type: { kind: 'choice', of: backends },
    default: 'margin',
    text: 'What trains the run. `margin` needs nothing but Margin. `trl` trains the same config with TRL in Python, which also uses several processes, GPUs and machines; curves, checkpoints and rewards stay the same. Margin installs TRL into a folder of its own; the variable MARGIN_PYTHON names another Python.',
  },
  target: {
    type: { kind: 'text' },
    default: 'local',
    text: 'Margin’s own: where a run with `backend: trl` trains. `local` is this machine.',
  },
  distributed_type: {
    type: { kind: 'choice', of: distributedTypes },
    default: 'NO',
    text: 'With `backend: trl`, how processes share the work; accelerate has the same key. `MULTI_CPU` and `MULTI_GPU` give each a whole model (DDP); `FSDP` (version 2) and `DEEPSPEED` split it. The effective batch size grows with `num_processes`.',
  },
  num_processes: {
    type: count,
    default: 1,
    text: 'With `distributed_type`, the number of processes on all machines together, usually one per GPU. It multiplies the effective batch size.',
  },
  num_machines: {
    type: count,
    default: 1,
    text: 'With `distributed_type`, the number of machines. Each runs the same command with its own `--machine_rank`.',
  },
  main_process_ip: {
    type: { kind: 'text' },
    default: null,
    nullable: true,
    text: 'With `num_machines` above 1, the host name or address of the first machine, which the others must reach. A `target` knows it.',
  },
  main_process_port: {
    type: { kind: 'number', integer: true, min: 0, max: 65_535 },
    default: 0,
    text: 'The port at which processes meet; 0 takes a free one, which only works on a single machine.',
  },
  zero_stage: {
    type: { kind: 'number', integer: true, min: 2, max: 3 },
    default: 2,
    text: 'With `distributed_type: DEEPSPEED`: 2 splits gradients and the optimizer’s state, 3 also the weights.',
  },
  mixed_precision: {
    type: { kind: 'choice', of: mixedPrecisions },
    default: 'no',
    text: 'With `backend: trl` and `device: cuda`: `bf16` computes in bfloat16, which is faster and less exact. TRL’s default is bf16; Margin’s is float32 everywhere. Not tried on a GPU yet.',
  },
  load_in_4bit: {
    type: { kind: 'boolean' },
    default: false,
    text: 'QLoRA, with `backend: trl`, `device: cuda` and `use_peft: true`: frozen weights are stored in 4 bits (nf4). Not tried on a GPU yet.',
  },
  gradient_checkpointing: {
    type: { kind: 'boolean' },
    default: false,
    text: 'With `backend: trl`: computes activations again in the backward pass, which needs less memory and about a third more time. TRL’s default is true.',
  },
} as const satisfies Partial<KeyTable>;
