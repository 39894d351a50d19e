import type { Tensor } from '../../graph/tensor';
import type { Fields } from '../fields';

/** How a graph gets at a model's weights; LoRA and training live behind it, the architecture does not know them. */
export interface Weights {
  /** A vector: norm gains, biases. */
  vector(name: string): Tensor;
  /** Rows of an embedding table. */
  embed(name: string, ids: Tensor): Tensor;
  /** x·Wᵀ (+ bias) of a module, [rows, in] → [rows, outFeatures]. */
  linear(module: string, x: Tensor): Tensor;
}

/** One layer's attention, but for its weights. */
export interface AttentionShape {
  readonly layer: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Factor on q·k. */
  readonly scale: number;
  /** A token sees itself and the `window` − 1 before it; null: all before it. */
  readonly window: number | null;
  /** Scores become cap·tanh(score / cap) before the mask; null: as they are. */
  readonly softcap: number | null;
}

/**
 * Attention over all tokens of one layer: q [tokens, heads·headDim], k and v [tokens, kvHeads·headDim], turned by RoPE.
 */
export type Attention = (shape: AttentionShape, q: Tensor, k: Tensor, v: Tensor) => Tensor;

/** One forward pass as the engine sets it up. Rows are tokens, flat. */
export interface Pass {
  readonly weights: Weights;
  /** [tokens] or, where weights that they choose are trained, [tokens, 1], i64 */
  readonly ids: Tensor;
  /** As ids: place of each token in its sequence. */
  readonly positions: Tensor;
  /** [tokens, 1]: the same as f32, to calculate with. */
  readonly places: Tensor;
  /** [tokens, 1]: length of the sequence that each token belongs to. */
  readonly spans: Tensor;
  readonly attend: Attention;
}

/** A piece of a model that needs weights only, … */
export type Layer = (x: Tensor, pass: Pick<Pass, 'weights'>) => Tensor;
/** … and one that may ask for places and attention. [tokens, width] in and out. */
export type Block = (x: Tensor, pass: Pass) => Tensor;

/** A linear layer, where LoRA can sit. */
export interface Linear {
  readonly module: string;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly bias: boolean;
  /** The file holds Wᵀ, [in, outFeatures]: GPT-2's Conv1D. */
  readonly transposed: boolean;
}

/** What a config.json describes: which weights there must be, and what is computed with them. */
export interface Model {
  readonly modelType: string;
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly maxPositions: number;
  /** By layer. */
  readonly attention: readonly AttentionShape[];
  /** Name and shape of every weight the files must hold, in the order of the forward pass. */
  readonly tensors: ReadonlyMap<string, readonly number[]>;
  /** Every linear layer but the head, in the order of the forward pass. */
  readonly linears: ReadonlyMap<string, Linear>;
  /** Where PEFT puts LoRA when it is not told. */
  readonly loraTargets: readonly string[];
  /** Hidden states before the final norm, [tokens, hiddenSize]. */
  readonly body: (pass: Pass) => Tensor;
  /** The final norm, on the rows that need it. */
  readonly norm: Layer;
  /** The name of the head's matrix [vocabulary, hiddenSize]. */
  readonly head: string;
  /** Logits become cap·tanh(logit / cap); null: as they are. */
  readonly logitSoftcap: number | null;
}

/**
 * Reads config.json with the defaults of the `transformers` class of this `model_type`.
 *
 * @param stored names of the tensors in the files: an absent head is tied, whatever the flag says
 * @throws MarginError `bad-config` | `unsupported-config` | `unsupported-rope`
 */
export type Architecture = (fields: Fields, stored: ReadonlySet<string>) => Model;
