import type { Tensor } from '../../graph/tensor';
import type { Fields } from '../fields';
import type { DecoderSizes } from './decoder';
import type { Rope } from './rope';

/**
 * The weights of a model as tensors of a graph. The engine implements this interface: it adds LoRA and marks what is
 * trained, so an architecture knows neither.
 */
export interface Weights {
  /** A norm's gain or a bias, [size]. */
  vector(name: string): Tensor;
  /** Rows of the embedding table [vocabulary, width], one for each id: [tokens, width]. */
  embed(name: string, ids: Tensor): Tensor;
  /** x·Wᵀ (+ bias) of a linear layer: [tokens, in] → [tokens, out]. */
  linear(module: string, x: Tensor): Tensor;
}

/** How one layer's attention computes, without its weights. */
export interface AttentionShape {
  readonly layer: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Scores are scale · q·k; usually 1/√headDim. */
  readonly scale: number;
  /** Sliding window: a token sees itself and the `window` − 1 tokens before it. Null: it sees all tokens before it. */
  readonly window: number | null;
  /** Scores become cap·tanh(score / cap) before the mask (Gemma 2). Null: no cap. */
  readonly softcap: number | null;
}

/**
 * The attention of one layer over all tokens of a pass. The engine masks, and lets a token see its own sequence only.
 *
 * @param q [tokens, heads·headDim], after RoPE
 * @param k [tokens, kvHeads·headDim], after RoPE
 * @param v [tokens, kvHeads·headDim]
 * @returns [tokens, heads·headDim]
 */
export type Attention = (shape: AttentionShape, q: Tensor, k: Tensor, v: Tensor) => Tensor;

/** The inputs of one forward pass. All sequences are flat: one row per token, no padding. */
export interface Pass {
  readonly weights: Weights;
  /** Token ids, i64: [tokens], or [tokens, 1] where the embedding is trained. */
  readonly ids: Tensor;
  /** Position of each token in its sequence, from 0; shape and type of `ids`. */
  readonly positions: Tensor;
  /** The same positions as f32 [tokens, 1], for arithmetic. */
  readonly floatPositions: Tensor;
  /** Length of the sequence that each token belongs to, f32 [tokens, 1]. */
  readonly sequenceLengths: Tensor;
  readonly attend: Attention;
}

/** A part of a model that needs weights only, such as a norm: [tokens, width] → [tokens, width]. */
export type Layer = (x: Tensor, pass: Pick<Pass, 'weights'>) => Tensor;
/** A part of a model that may also need positions and attention: [tokens, width] → [tokens, width]. */
export type Block = (x: Tensor, pass: Pass) => Tensor;

/** A linear layer; LoRA can adapt it. */
export interface Linear {
  /** Its path, without `.weight`: `model.layers.0.self_attn.q_proj`. */
  readonly module: string;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly bias: boolean;
  /** The file stores Wᵀ, [in, out], as GPT-2's Conv1D does; otherwise it stores W, [out, in]. */
  readonly transposed: boolean;
}

/** The model that a config.json describes: the weights it needs, and its forward pass. */
export interface Model {
  readonly modelType: string;
  readonly vocabSize: number;
  readonly hiddenSize: number;
  /** The longest sequence the model was made for, in tokens. */
  readonly maxPositions: number;
  /** All sizes of config.json, with the defaults of the class. */
  readonly sizes: DecoderSizes;
  /** Empty: positions are learned (GPT-2). Gemma 3 has two: of the layers that see all tokens, and of the others. */
  readonly ropes: readonly Rope[];
  /** One entry per layer. */
  readonly attention: readonly AttentionShape[];
  /** Name and shape of every weight that the files must hold, in the order of the forward pass. */
  readonly tensors: ReadonlyMap<string, readonly number[]>;
  /** Every linear layer except the head, by module path, in the order of the forward pass. */
  readonly linears: ReadonlyMap<string, Linear>;
  /** The modules that PEFT adapts by default (peft `utils/constants.py`, by `model_type`). */
  readonly loraTargets: readonly string[];
  /** Hidden states before the final norm, [tokens, hiddenSize]. */
  readonly body: (pass: Pass) => Tensor;
  /** The final norm; it runs only on the tokens whose logits are needed. */
  readonly norm: Layer;
  /** The name of the head's matrix, [vocabulary, hiddenSize]; a tied head names the embedding. */
  readonly head: string;
  /** Logits become cap·tanh(logit / cap) (Gemma 2). Null: no cap. */
  readonly logitSoftcap: number | null;
}

/**
 * Builds the model of one `model_type`. Keys that config.json does not have get the defaults of that class in
 * `transformers`.
 *
 * @param stored names of the tensors in the files: without a head among them, the head is tied to the embedding,
 *   whatever `tie_word_embeddings` says
 * @throws MarginError `bad-config` | `unsupported-config` | `unsupported-rope`
 */
export type Architecture = (fields: Fields, stored: ReadonlySet<string>) => Model;
