import type { Tensor } from '../graph/tensor';
import type { Adapter, Checkpoint, Parameter } from '../model/types';

/** Token ids of a pair after TRL's boundary rule, EOS and truncation. */
export interface TokenizedPair {
  readonly prompt: readonly number[];
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
  /** Factor of the row's loss; 1 where absent. */
  readonly weight?: number;
  /**
   * A row of one judged answer, whose verdict this is: `chosen` is the answer, and `rejected`, which is never trained
   * on, another prompt's answer, to estimate the policy's KL from.
   */
  readonly desirable?: boolean;
}

/** What an objective wants of a batch besides the log-probs of its answers. */
export interface BatchLayout {
  /** Weight of an answer's tokens beyond the length of the other one (LD-DPO); null: 1. */
  readonly ldAlpha: number | null;
  /** Predictions of the prompts' own tokens too. */
  readonly prompts: boolean;
}

/**
 * Pairs laid out for one run of a session. Linear layers see `tokens` flat rows without padding; only attention
 * unpacks them to [groups, width], where short pairs share a group. A pair lies as `prompt and what both answers begin
 * with | rest of chosen | rest of rejected`; positions of rejected restart after the shared part, rejected cannot see
 * chosen, and no pair another. The head runs on `predictions` rows only; one in the shared part belongs to both
 * sequences.
 *
 * Sequences are ordered chosen of every pair, then rejected of every pair, as TRL's batches are.
 */
export interface PackedBatch {
  readonly pairs: number;
  readonly tokens: number;
  readonly groups: number;
  readonly width: number;
  readonly predictions: number;
  /** [tokens] */
  readonly ids: BigInt64Array;
  /** [tokens] */
  readonly positions: BigInt64Array;
  /** [tokens] length of the pair that a token is part of: its longer side, with the last token, which is not run. */
  readonly spans: Float32Array;
  /** [groups·width] flat row behind each attention slot; padding slots repeat a real row and see only padding. */
  readonly unpack: BigInt64Array;
  /** [tokens] slot of each flat row. */
  readonly pack: BigInt64Array;
  /** [groups, width, width] added to attention scores: 0 visible, −1e9 hidden. */
  readonly mask: Float32Array;
  /** [predictions] flat row whose hidden state predicts the target. */
  readonly predictors: BigInt64Array;
  /** [predictions] */
  readonly targets: BigInt64Array;
  /** [2·pairs, predictions] 1 where a prediction belongs to a sequence; see `sequenceValues`. */
  readonly segments: Float32Array;
  /** [2·pairs, predictions] what a prediction counts in its sequence's log-prob: as `segments`, but for LD-DPO. */
  readonly emphasis: Float32Array;
  /** [pairs, predictions] 1 where a prediction is one of the prompt's own tokens. */
  readonly prompts: Float32Array;
  /** [2·pairs] completion tokens of each sequence. */
  readonly lengths: Float32Array;
  /** [pairs] predicted tokens of each prompt. */
  readonly promptLengths: Float32Array;
  /** [pairs] factors of the rows' losses. */
  readonly weights: Float32Array;
  /** [pairs] 1 where a judged answer is a desired one. */
  readonly desirable: Float32Array;
}

/** Log-probs of a batch. Bit for bit equal between a train and a score session for the same batch and weights. */
export interface BatchScores {
  /** [2·pairs] sums over completion tokens, weighted by `emphasis`, nats. */
  readonly sequenceLogps: Float32Array;
  /** [predictions] */
  readonly tokenLogps: Float32Array;
}

/**
 * Log-probs with gradient, as symbols: what an objective is a function of. All [pairs], f32. Without a reference, its
 * log-probs are 0.
 */
export interface PairSymbols {
  readonly chosen: Tensor;
  readonly rejected: Tensor;
  readonly refChosen: Tensor;
  readonly refRejected: Tensor;
  readonly chosenLength: Tensor;
  readonly rejectedLength: Tensor;
  /** Σ log π over the chosen answer with every token counted once, whatever LD-DPO makes of `chosen`. */
  readonly chosenTokens: Tensor;
  /** Σ log π over the prompt's own tokens, where the batch has their predictions. */
  readonly prompt: Tensor;
  readonly promptLength: Tensor;
  readonly weight: Tensor;
  readonly desirable: Tensor;
  /** Σ over an answer's tokens of log p − log Σ p², without gradient; null where the loss did not ask for it. */
  readonly agreement: { readonly chosen: Tensor; readonly rejected: Tensor } | null;
}

/** What training minimises, as a function of a micro-batch's log-probs. */
export interface Loss {
  /** A scalar. */
  readonly loss: (symbols: PairSymbols) => Tensor;
  /** Scalars to be logged besides, by TRL's names for them. */
  readonly metrics?: (symbols: PairSymbols) => Readonly<Record<string, Tensor>>;
  /** Whether `agreement` is read, which costs another pass over the vocabulary. */
  readonly readsAgreement?: boolean;
}

/** All that a forward pass tells of a batch's completions. */
export interface BatchMeasures extends BatchScores {
  /** [predictions] nats. */
  readonly entropy: Float32Array;
  /** [predictions] mean of the raw logits over the vocabulary. */
  readonly meanLogit: Float32Array;
  /** [predictions] 1 where the target has the highest logit. */
  readonly top1: Float32Array;
  /** [predictions] log p − log Σ p², where it was asked for. */
  readonly agreement: Float32Array;
}

/** A loss's value and what it logs besides. */
export interface LossValue {
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What one forward and backward pass over a micro-batch gives. */
export interface StepResult extends BatchMeasures, LossValue {
  /** By parameter name, same shapes as the parameters. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

export interface ScoreSession {
  score(batch: PackedBatch): Promise<BatchScores>;
  release(): Promise<void>;
}

export interface MeasureSession {
  score(batch: PackedBatch): Promise<BatchMeasures>;
  release(): Promise<void>;
}

export interface TrainSession {
  /** What is trained: LoRA arrays, or every weight. The optimizer updates `data` in place between steps. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /**
   * @param reference [2·pairs] sequence log-probs under the reference, ordered as the batch's sequences; NaN where they
   *   are the policy's own,
   *   which are then taken, without gradient
   * @param seed of what is dropped, where something is
   */
  step(batch: PackedBatch, reference: Float32Array, seed?: number): Promise<StepResult>;
  release(): Promise<void>;
}

/** ONNX Runtime's execution providers that can be asked for. */
export type Device = 'cpu' | 'webgpu' | 'cuda' | 'dml';

export interface SessionOptions {
  readonly checkpoint: Checkpoint;
  /** Fed at each run from `adapter.parameters`, so a copy with other data gives another model. */
  readonly adapter: Adapter | null;
  /** Score and generate: weights that replace the checkpoint's own, by name (a full-weight run in memory). */
  readonly weights?: ReadonlyMap<string, Parameter>;
  readonly threads?: number;
  /** `cpu` if left out. */
  readonly device?: Device;
}

export interface GenerateSessionOptions extends SessionOptions {
  /**
   * Where narrow copies of models may lie, which guess ahead: what is generated stays the same and comes faster. A copy
   * takes 9/8 bytes a weight there and in memory, and is made once. Without replaced weights, on the CPU.
   */
  readonly draftFolder?: string | undefined;
}

/** How tokens are drawn, named as in `transformers`' GenerationConfig. */
export interface Sampling {
  /** Above 0. */
  readonly temperature: number;
  /** Draws among so many likeliest tokens; 0: among all. */
  readonly topK: number;
  /** Draws among the likeliest tokens of this total probability; 1: among all. */
  readonly topP: number;
  readonly seed: number;
}

export interface GenerateOptions {
  readonly maxNewTokens: number;
  /** Left out: always the likeliest token. */
  readonly sampling?: Sampling;
  /** A sequence ends before one of these. */
  readonly stopIds: ReadonlySet<number>;
  /** Asked after each token whether the prompt's sequence ends with it, for a reason beyond its ids. */
  readonly isOver?: (index: number) => boolean;
  /** Ends all sequences before the next token. */
  readonly signal?: AbortSignal;
}

/** A token of the sequence of one of several prompts. */
export interface Drawn {
  readonly index: number;
  readonly id: number;
}

export interface GenerateSession {
  /**
   * Goes on from each prompt, all at once; a sequence draws the same whatever is beside it, but for rounding. Prompts
   * have at least one token; one that is longer than the model reaches gets none.
   */
  generate(prompts: readonly (readonly number[])[], options: GenerateOptions): AsyncIterable<Drawn>;
  release(): Promise<void>;
}
