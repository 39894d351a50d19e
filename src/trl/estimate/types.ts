import type { TrainConfig } from '../../run/types';

/** The keys of a config on which memory per process depends. */
export type MemoryKeys = Pick<
  TrainConfig,
  | 'trainer'
  | 'dtype'
  | 'use_peft'
  | 'load_in_4bit'
  | 'mixed_precision'
  | 'gradient_checkpointing'
  | 'distributed_type'
  | 'zero_stage'
  | 'num_processes'
>;

/** Numbers of a model that follow from its config.json and the headers of its weights. */
export interface ModelSizes {
  /** Values of all weights. */
  readonly parameters: number;
  /** Values of the linear layers without the head, which QLoRA stores in 4 bits. */
  readonly linear: number;
  /** Values of the linear layers of the largest layer. */
  readonly largestLayer: number;
  /** Values that are trained: the adapter, or all weights. */
  readonly trained: number;
  readonly layers: number;
  readonly hidden: number;
  readonly vocabulary: number;
  /** Inputs and outputs of all linear layers for a token, in numbers. */
  readonly perToken: number;
  /** The same of the largest layer. */
  readonly perTokenOfLayer: number;
}

/** The heaviest micro-batch of a process, with its padding. */
export interface HeaviestBatch {
  readonly sequences: number;
  /** Tokens of each. */
  readonly length: number;
}

/** One part of the memory of a process. */
export interface MemoryPart {
  readonly name: string;
  readonly bytes: number;
  /** What the number is a product of. */
  readonly how: string;
}
