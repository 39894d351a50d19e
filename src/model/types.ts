import type { Dtype, ExternalData } from '../graph/tensor';
import type { Model } from './architectures/architecture';

/** A tensor of a checkpoint: its name, type and shape, and the bytes of a file that hold it. */
export interface StoredTensor extends ExternalData {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Only for quantised matrices, [rows, columns]. */
  readonly quantised?: Quantised;
}

/** Scales and minimums of a quantised matrix, f32 [rows, groups]; `quants.ts` says how they give values. */
export interface Quantised {
  readonly scale: StoredTensor;
  readonly minimum: StoredTensor | null;
}

/** An opened checkpoint: config and headers are read and checked, weights are still in their files. */
export interface Checkpoint {
  readonly folder: string;
  readonly model: Model;
  /** By name in the text model ({@link Model.tensors}). */
  readonly weights: ReadonlyMap<string, StoredTensor>;
}

/** A weight in memory. `data` is row-major f32; the optimizer updates it in place. */
export interface Parameter {
  /** The name in the file: PEFT's key for adapters, the checkpoint's own name for full weights. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The settings of PEFT's `LoraConfig`; comments give its names. */
export interface LoraSettings {
  /** `r`, the rank. */
  readonly r: number;
  /** `lora_alpha` */
  readonly alpha: number;
  /** `use_rslora`: scale by α/√r in place of α/r. */
  readonly rslora: boolean;
  /** `lora_dropout`, a probability. */
  readonly dropout: number;
  /** `target_modules`: names, a pattern for whole paths, or "all-linear"; null: the architecture's default. */
  readonly targets: readonly string[] | string | null;
  /** `rank_pattern`: the rank of modules whose path ends in a pattern. */
  readonly rankPattern?: Readonly<Record<string, number>>;
  /** `alpha_pattern`: the alpha of modules whose path ends in a pattern. */
  readonly alphaPattern?: Readonly<Record<string, number>>;
  /** `layers_to_transform`: only these layers; null: all. */
  readonly layersToTransform?: readonly number[] | null;
  /** `layers_pattern`: the names that come before a layer's number; null: the first number of a path is the layer. */
  readonly layersPattern?: readonly string[] | null;
}

/** An adapter in memory. Parameter names end in `.lora_A.weight` ([r, in]) and `.lora_B.weight` ([out, r]). */
export interface Adapter {
  readonly settings: LoraSettings;
  /** Full paths of the modules that the adapter changes: `model.layers.0.self_attn.q_proj`. */
  readonly modules: readonly string[];
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Whether the base stores these layers as [in, out], as GPT-2's Conv1D does. */
  readonly fanInFanOut: boolean;
}
