import type { Dtype, ExternalData } from '../graph/tensor';
import type { Model } from './architectures/architecture';

/** A tensor of a checkpoint, where it lies. */
export interface StoredTensor extends ExternalData {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Of whole numbers, [rows, columns]. */
  readonly quantised?: Quantised;
}

/** What makes values of whole numbers, f32 [rows, groups]; see `quants.ts`. */
export interface Quantised {
  readonly scale: StoredTensor;
  readonly minimum: StoredTensor | null;
}

/** A checkpoint on disk, headers read and checked, weights left where they are. */
export interface Checkpoint {
  readonly folder: string;
  readonly model: Model;
  /** By the name the model has for them. */
  readonly weights: ReadonlyMap<string, StoredTensor>;
}

/** A trainable or loaded array. `data` is row-major f32 and is updated in place by the optimizer. */
export interface Parameter {
  /** Name as saved: PEFT's key for adapters, the checkpoint's own for full weights. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface LoraSettings {
  readonly r: number;
  readonly alpha: number;
  readonly rslora: boolean;
  readonly dropout: number;
  /** As given to PEFT: names, a pattern for whole paths or "all-linear"; null: the architecture's default. */
  readonly targets: readonly string[] | string | null;
  /** Ranks and alphas of modules whose path ends in a pattern. */
  readonly rankPattern?: Readonly<Record<string, number>>;
  readonly alphaPattern?: Readonly<Record<string, number>>;
  /** Only these layers; null: all. */
  readonly layersToTransform?: readonly number[] | null;
  /** What stands before a layer's number in a path, where it is not the first number. */
  readonly layersPattern?: readonly string[] | null;
}

/** An adapter in memory. Parameter names end in `.lora_A.weight` ([r, in]) and `.lora_B.weight` ([out, r]). */
export interface Adapter {
  readonly settings: LoraSettings;
  /** Module paths the adapter sits on, resolved: `model.layers.0.self_attn.q_proj`. */
  readonly modules: readonly string[];
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** The base stores these layers transposed: GPT-2's Conv1D. */
  readonly fanInFanOut: boolean;
}
