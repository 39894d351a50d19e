import type { Tensor } from '../graph/tensor';
import type { Adapter, Checkpoint, Parameter } from '../model/types';

/** The token ids of a pair, after TRL's rules for the prompt's end, EOS and truncation; see `tokenizePair`. */
export interface TokenizedPair {
  readonly prompt: readonly number[];
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
  /** Multiplies the row's loss; 1 if left out. */
  readonly weight?: number;
  /**
   * The label of a judged answer (KTO). Then `chosen` is the answer, and `rejected` is the answer to another prompt,
   * from which the policy's KL is estimated; nothing trains on it. Left out for a pair.
   */
  readonly desirable?: boolean;
}

/** What an objective needs of a batch besides the log-probs of the answers. */
export interface BatchLayout {
  /** The weight of the tokens by which the longer answer exceeds the shorter one (LD-DPO); null: 1. */
  readonly ldAlpha: number | null;
  /** Also predicts the tokens of the prompts. */
  readonly prompts: boolean;
}

/**
 * Pairs packed for one run of a session. Linear layers read `tokens` flat rows without padding. Only attention unpacks
 * the rows to [groups, width], where short pairs share a group. A pair takes the rows `prompt and common prefix of both
 * answers | rest of chosen | rest of rejected`. The positions of rejected restart after the common prefix, rejected
 * does not see chosen, and pairs do not see each other. The head runs on `predictions` rows only; a prediction of the
 * common prefix belongs to both sequences.
 *
 * The sequences are chosen of each pair, then rejected of each pair, as in TRL's batches.
 */
export interface PackedBatch {
  readonly pairs: number;
  readonly tokens: number;
  readonly groups: number;
  readonly width: number;
  readonly predictions: number;
  /** [tokens] token ids. */
  readonly ids: BigInt64Array;
  /** [tokens] position in the sequence, from 0. */
  readonly positions: BigInt64Array;
  /** [tokens] length of the longer sequence of the token's pair. It counts the last token too, which has no row. */
  readonly spans: Float32Array;
  /** [groups·width] flat row of each attention slot. Padding slots repeat row 0 and see only padding. */
  readonly unpack: BigInt64Array;
  /** [tokens] attention slot of each flat row. */
  readonly pack: BigInt64Array;
  /** [groups, width, width] added to the attention scores: 0 visible, −1e9 hidden. */
  readonly mask: Float32Array;
  /** [predictions] flat row whose hidden state predicts the target. */
  readonly predictors: BigInt64Array;
  /** [predictions] token ids. */
  readonly targets: BigInt64Array;
  /** [2·pairs, predictions] 1 if a prediction belongs to a sequence, else 0; see `sequenceValues`. */
  readonly segments: Float32Array;
  /** [2·pairs, predictions] weight of a prediction in its sequence's log-prob. Equals `segments` except for LD-DPO. */
  readonly emphasis: Float32Array;
  /** [pairs, predictions] 1 if a prediction is a token of the prompt, else 0. */
  readonly prompts: Float32Array;
  /** [2·pairs] number of completion tokens of each sequence. */
  readonly lengths: Float32Array;
  /** [pairs] number of predicted tokens of each prompt. */
  readonly promptLengths: Float32Array;
  /** [pairs] factor of each row's loss. */
  readonly weights: Float32Array;
  /** [pairs] 1 if the row is a judged answer labelled good, else 0. */
  readonly desirable: Float32Array;
}

/** The log-probs of a batch in nats. A train and a score session give the same bits for the same batch and weights. */
export interface BatchScores {
  /** [2·pairs] sums over completion tokens, weighted by `emphasis`. */
  readonly sequenceLogps: Float32Array;
  /** [predictions] log-prob of each target. */
  readonly tokenLogps: Float32Array;
}

/**
 * The arguments of a loss, as symbols: log-probs in nats with their gradient. [pairs] each, f32. The reference's
 * log-probs are 0 for a loss without a reference.
 */
export interface PairSymbols {
  readonly chosen: Tensor;
  readonly rejected: Tensor;
  readonly refChosen: Tensor;
  readonly refRejected: Tensor;
  readonly chosenLength: Tensor;
  readonly rejectedLength: Tensor;
  /** Σ log π over the chosen answer with weight 1 for each token, also with LD-DPO. */
  readonly chosenTokens: Tensor;
  /** Σ log π over the tokens of the prompt; 0 if the batch does not predict them. */
  readonly prompt: Tensor;
  readonly promptLength: Tensor;
  readonly weight: Tensor;
  readonly desirable: Tensor;
  /**
   * WPO's agreement of the policy with an answer (nothing to do with annotators): Σ over its tokens of log p − log Σ
   * p², without gradient; null if the loss does not read it.
   */
  readonly agreement: { readonly chosen: Tensor; readonly rejected: Tensor } | null;
}

/** What training minimises, as a function of the log-probs of a micro-batch. */
export interface Loss {
  /** A scalar. */
  readonly loss: (symbols: PairSymbols) => Tensor;
  /** Scalars to log, by TRL's names. */
  readonly metrics?: (symbols: PairSymbols) => Readonly<Record<string, Tensor>>;
  /** Whether the loss reads `agreement`, which costs another pass over the vocabulary. False if left out. */
  readonly readsAgreement?: boolean;
}

/** The measures of a batch's completions that a forward pass computes. */
export interface BatchMeasures extends BatchScores {
  /** [predictions] entropy of the prediction, nats. */
  readonly entropy: Float32Array;
  /** [predictions] mean of the logits over the vocabulary. */
  readonly meanLogit: Float32Array;
  /** [predictions] 1 if the target has the highest logit, else 0. */
  readonly top1: Float32Array;
  /** [predictions] log p − log Σ p², nats; empty if not asked for. */
  readonly agreement: Float32Array;
}

/** The value of a loss, and its metrics. */
export interface LossValue {
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** The results of one forward and backward pass over a micro-batch. */
export interface StepResult extends BatchMeasures, LossValue {
  /** By the name of the parameter, and in its shape. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** Computes log-probs of batches. */
export interface ScoreSession {
  score(batch: PackedBatch): Promise<BatchScores>;
  release(): Promise<void>;
}

/** Computes all measures of batches. */
export interface MeasureSession {
  score(batch: PackedBatch): Promise<BatchMeasures>;
  release(): Promise<void>;
}

/** Computes losses and gradients of micro-batches. */
export interface TrainSession {
  /** The trained parameters: LoRA matrices, or all weights. The optimizer updates `data` in place between steps. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /**
   * Runs the forward and the backward pass. Changes no parameter.
   *
   * @param reference [2·pairs] log-probs of the sequences under the reference in nats, in the order of the batch's
   *   sequences; NaN stands for the policy's own log-prob, without gradient
   * @param seed of the dropout masks; 0 if left out
   */
  step(batch: PackedBatch, reference: Float32Array, seed?: number): Promise<StepResult>;
  release(): Promise<void>;
}

/** The execution providers of ONNX Runtime that a config can name. */
export type Device = 'cpu' | 'webgpu' | 'cuda' | 'dml';

export interface SessionOptions {
  readonly checkpoint: Checkpoint;
  /** Each run reads `adapter.parameters` again, so the same session follows changes to the data. */
  readonly adapter: Adapter | null;
  /** Weights that replace the checkpoint's, by name: those of a full-weight run in memory. */
  readonly weights?: ReadonlyMap<string, Parameter>;
  /** Threads that share one kernel; all processors if left out. */
  readonly threads?: number;
  /** `cpu` if left out. */
  readonly device?: Device;
}

export interface GenerateSessionOptions extends SessionOptions {
  /**
   * The folder of 8-bit copies of models. With it a drafter makes generation faster and does not change its result. A
   * copy takes 9/8 bytes for each weight on disk and in memory, and is made once. Needs the CPU, and a session without
   * replaced weights. Left out: no drafter.
   */
  readonly draftFolder?: string | undefined;
  /**
   * Keeps a private copy of the f32 weights in the layout that matrix products prefer, in place of pages of the file.
   * Many answers at once then take a fifth less processor time. Logits differ in their last bits. False if left out.
   */
  readonly prepack?: boolean;
}

/** How to sample tokens, with the names of GenerationConfig in `transformers`. */
export interface Sampling {
  /** Divides the logits; above 0. */
  readonly temperature: number;
  /** Draws from this many most likely tokens; 0: from all. */
  readonly topK: number;
  /** Draws from the most likely tokens that together have this probability; 1: from all. */
  readonly topP: number;
  readonly seed: number;
}

export interface GenerateOptions {
  readonly maxNewTokens: number;
  /** Greedy decoding if left out: always the most likely token. */
  readonly sampling?: Sampling;
  /** [prompts] the seed of each answer, instead of the one of `sampling`. Left out: all have that one. */
  readonly seeds?: readonly number[];
  /** An answer ends before one of these tokens. */
  readonly stopIds: ReadonlySet<number>;
  /** Called after each token with the index of its prompt: whether the answer ends here for another reason. */
  readonly isFinished?: (index: number) => boolean;
  /** Ends all answers before the next token. */
  readonly signal?: AbortSignal;
}

/** A new token of the answer to one of several prompts. */
export interface GeneratedToken {
  /** The index of the prompt. */
  readonly index: number;
  readonly id: number;
}

export interface GenerateSession {
  /**
   * Generates the answers to all prompts at once. Other prompts change an answer by rounding only. A prompt that
   * follows an equal one is not read again.
   *
   * @param prompts token ids, at least one for each prompt. A prompt longer than the model's context gets no answer
   * @throws MarginError `not-finite`
   */
  generate(prompts: readonly (readonly number[])[], options: GenerateOptions): AsyncIterable<GeneratedToken>;
  release(): Promise<void>;
}
