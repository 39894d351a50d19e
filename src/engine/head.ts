import { at } from '../base/pure/must';
import { detach, gemm, reduceMax, reduceMean, reduceSum, withLocalGradient } from '../graph/algebra';
import { add, div, equal, exp, log, mul, scale, square, sub, tanh, toF32 } from '../graph/elementwise';
import { concat, gatherRows, pick, slice } from '../graph/structure';
import { input, knownSize, scalar, type Tensor } from '../graph/tensor';
import type { Model } from '../model/architectures/architecture';
import { tokenSums, type TokenSums } from './tokenSums';
import type { GraphWeights } from './weights';

/** The log-probs of a batch, as outputs of a graph. */
export interface ScoreOutputs {
  /** [2, pairs, 1] */
  readonly sequenceLogps: Tensor;
  /** [predictions, 1] */
  readonly tokenLogps: Tensor;
}

/** All measures of a batch, as outputs of a graph; see `BatchMeasures`. [predictions, 1] each, except the sequences. */
export interface MeasureOutputs extends ScoreOutputs {
  readonly entropy: Tensor;
  readonly meanLogit: Tensor;
  readonly top1: Tensor;
  /** Only if asked for. */
  readonly agreement?: Tensor;
}

export interface MeasureOptions {
  /** Also computes log p − log Σ p² for each prediction. */
  readonly agreement: boolean;
}

/**
 * How the head divides its rows into chunks. The logits of `rows` rows fill 32 MB: enough for matrix products near full
 * speed, and little memory. If a batch needs more than `count` such chunks, all chunks grow evenly. Chunks after the
 * last prediction are empty.
 */
export interface HeadChunks {
  readonly count: number;
  readonly rows: number;
}

/** The chunks for a vocabulary. A small vocabulary needs one chunk only. */
export function headChunks({ vocabSize }: Pick<Model, 'vocabSize'>): HeadChunks {
  return { count: vocabSize < 8192 ? 1 : 16, rows: Math.max(64, Math.floor(2 ** 23 / vocabSize)) };
}

/**
 * One chunk of predictions before the chunks are joined. [rows, 1] each, except `rows` [rows, hidden], `head`
 * [vocabulary, hidden], and `shifted`, `weights` and `slope` [rows, vocabulary].
 */
interface Chunk {
  readonly rows: Tensor;
  readonly head: Tensor;
  readonly targets: Tensor;
  /** The highest logit. */
  readonly top: Tensor;
  /** The logits minus the highest one. */
  readonly shifted: Tensor;
  /** exp(shifted). The softmax is weights / sum. */
  readonly weights: Tensor;
  readonly sum: Tensor;
  readonly logSum: Tensor;
  readonly targetLogit: Tensor;
  /** d capped logit / d logit; null if the model does not cap its logits. */
  readonly slope: Tensor | null;
}

function chunkOf(model: Model, weights: GraphWeights, hidden: Tensor, index: number): Chunk {
  const size = `predictions${index}`;
  const rows = model.norm(gatherRows(hidden, input(`predictors${index}`, 'i64', [size, 1])), { weights });
  const head = weights.matrix(model.head);
  const targets = input(`targets${index}`, 'i64', [size, 1]);
  const { logits, slope } = cappedWithSlope(gemm(rows, head, { transB: true }), model.logitSoftcap);
  const top = detach(reduceMax(logits, [-1], true));
  const shifted = sub(logits, top);
  const exponentials = exp(shifted);
  const sum = reduceSum(exponentials, [-1], true);
  return {
    rows,
    head,
    targets,
    top,
    shifted,
    weights: exponentials,
    sum,
    logSum: log(sum),
    targetLogit: pick(shifted, targets),
    slope,
  };
}

/** cap·tanh(logit / cap), and its derivative 1 − tanh². */
function cappedWithSlope(logits: Tensor, cap: number | null): { logits: Tensor; slope: Tensor | null } {
  if (cap === null) return { logits, slope: null };
  const ratio = tanh(scale(logits, 1 / cap));
  return { logits: scale(ratio, cap), slope: sub(scalar(1), square(ratio)) };
}

/** A log-prob as logit − log Σ exp. The log of a softmax would lose precision. */
const logp = ({ targetLogit, logSum }: Chunk): Tensor => sub(targetLogit, logSum);

const join = (parts: readonly Tensor[]): Tensor => concat(parts, 0, 'predictions');

function chunksOf(model: Model, weights: GraphWeights, hidden: Tensor): Chunk[] {
  return Array.from({ length: headChunks(model).count }, (_, i) => chunkOf(model, weights, hidden, i));
}

/** The log-probs of completions, forward only. */
export function scoreHead(model: Model, weights: GraphWeights, hidden: Tensor): ScoreOutputs {
  const logps = chunksOf(model, weights, hidden).map(logp);
  return { sequenceLogps: tokenSums(logps, []).sequences, tokenLogps: join(logps) };
}

/**
 * The head of a training step. If the head is frozen, the forward pass already computes the gradient of each log-prob
 * with respect to its row, `W[y] − softmax(h·Wᵀ)·W`. The loss only scales it, so no tensor of vocabulary size stays in
 * memory for the backward pass. A trained head uses the gradient rules of the graph.
 *
 * @param options `full`: the head is trained
 */
export function trainHead(
  model: Model,
  weights: GraphWeights,
  hidden: Tensor,
  options: MeasureOptions & { readonly full: boolean },
): { measured: MeasureOutputs; sums: TokenSums } {
  return joinChunks(
    chunksOf(model, weights, hidden).map((chunk) =>
      options.full ? measuresOf(chunk, options) : measuresWithGradient(chunk, options),
    ),
  );
}

/** All measures of completions, forward only. */
export function measureHead(
  model: Model,
  weights: GraphWeights,
  hidden: Tensor,
  options: MeasureOptions,
): MeasureOutputs {
  const chunks = chunksOf(model, weights, hidden).map((chunk) => throughOneTensor(measuresOf(chunk, options), []));
  return joinChunks(chunks.map(({ measures }) => measures)).measured;
}

function joinChunks(chunks: readonly Measures[]): { measured: MeasureOutputs; sums: TokenSums } {
  const agreements = chunks.flatMap(({ agreement }) => agreement ?? []);
  const sums = tokenSums(
    chunks.map((chunk) => chunk.logp),
    agreements,
  );
  const measured = {
    sequenceLogps: sums.sequences,
    tokenLogps: join(chunks.map((chunk) => chunk.logp)),
    entropy: join(chunks.map((chunk) => chunk.entropy)),
    meanLogit: join(chunks.map((chunk) => chunk.meanLogit)),
    top1: join(chunks.map((chunk) => chunk.top1)),
    ...(agreements.length > 0 ? { agreement: join(agreements) } : {}),
  };
  return { measured, sums };
}

/** The measures of one chunk, [rows, 1] each. */
interface Measures {
  readonly logp: Tensor;
  readonly entropy: Tensor;
  readonly meanLogit: Tensor;
  readonly top1: Tensor;
  readonly agreement: Tensor | null;
}

function measuresOf(chunk: Chunk, { agreement }: MeasureOptions): Measures {
  const { top, shifted, weights, sum, logSum, targetLogit } = chunk;
  return {
    logp: logp(chunk),
    entropy: sub(logSum, div(reduceSum(mul(weights, shifted), [-1], true), sum)),
    meanLogit: add(reduceMean(shifted, [-1], true), top),
    top1: toF32(equal(targetLogit, scalar(0))),
    agreement: agreement ? detach(agreementOf(chunk)) : null,
  };
}

/**
 * log p(y) − log Σ p²: with t the target's shifted logit, L = log Σ w and w = exp(shifted), (t − L) − (log Σ w² − 2L).
 */
const agreementOf = ({ targetLogit, logSum, weights }: Chunk): Tensor =>
  sub(add(targetLogit, logSum), log(reduceSum(square(weights), [-1], true)));

/** The measures of one chunk with the gradient of its log-probs, which the forward pass computes. */
function measuresWithGradient(chunk: Chunk, options: MeasureOptions): Measures {
  const { measures, more } = throughOneTensor(measuresOf(chunk, options), [logpGradient(chunk)]);
  return { ...measures, logp: withLocalGradient(measures.logp, chunk.rows, at(more, 0)) };
}

/**
 * The same values as slices of one tensor for each chunk. Otherwise ONNX Runtime would compute the logits of all chunks
 * before it reads the first result (rule R4 of the order of nodes; R1 to R3 are in `graph/emission.ts`).
 *
 * @param more [rows, width] each
 */
function throughOneTensor(
  { logp: value, entropy, meanLogit, top1, agreement }: Measures,
  more: readonly Tensor[],
): { measures: Measures; more: readonly Tensor[] } {
  const parts = slicesOfOne([value, entropy, meanLogit, top1, ...(agreement ? [agreement] : []), ...more]);
  const measures = {
    logp: at(parts, 0),
    entropy: at(parts, 1),
    meanLogit: at(parts, 2),
    top1: at(parts, 3),
    agreement: agreement && detach(at(parts, 4)),
  };
  return { measures, more: parts.slice(parts.length - more.length) };
}

/** Joins tensors [rows, width] by their columns and slices them apart again. */
function slicesOfOne(parts: readonly Tensor[]): Tensor[] {
  const widths = parts.map((part) => knownSize(part, 1));
  const start = (i: number): number => widths.slice(0, i).reduce((sum, width) => sum + width, 0);
  const columns = concat(parts, 1, start(widths.length));
  return widths.map((_, i) => slice(columns, 1, start(i), start(i + 1)));
}

/**
 * W[y] − softmax(h·Wᵀ)·W [rows, hidden], the gradient of a log-prob with respect to its row. With capped logits, each
 * term of the sum over the vocabulary is multiplied by the slope of the cap.
 */
function logpGradient({ head, targets, weights, sum, slope }: Chunk): Tensor {
  const target = gatherRows(head, targets);
  if (slope === null) return sub(target, div(gemm(weights, head), sum));
  return sub(mul(target, pick(slope, targets)), div(gemm(mul(weights, slope), head), sum));
}
