import { detach, gemm, matmul, reduceMax, reduceMean, reduceSum, withDirection } from '../graph/algebra';
import { add, div, equal, exp, log, mul, scale, square, sub, tanh, toF32 } from '../graph/elementwise';
import { concat, gatherRows, pick, slice } from '../graph/structure';
import { input, known, scalar, type Tensor } from '../graph/tensor';
import type { Model } from '../model/architectures/architecture';
import type { GraphWeights } from './weights';

export interface Scored {
  /** [2, pairs, 1] */
  readonly sequenceLogps: Tensor;
  /** [predictions, 1] */
  readonly tokenLogps: Tensor;
}

export interface Measured extends Scored {
  readonly entropy: Tensor;
  readonly meanLogit: Tensor;
  readonly top1: Tensor;
}

/**
 * How the head cuts its rows: logits of `rows` rows fill 32 MB, which keeps products of matrices near their full speed and
 * memory small; more than `count` such chunks grow evenly. Chunks beyond the last prediction are empty.
 */
export interface HeadChunks {
  readonly count: number;
  readonly rows: number;
}

export function headChunks({ vocabSize }: Pick<Model, 'vocabSize'>): HeadChunks {
  return { count: vocabSize < 8192 ? 1 : 16, rows: Math.max(64, Math.floor(2 ** 23 / vocabSize)) };
}

/** One chunk of predictions before its results are joined. [rows, 1] but for `shifted` and `weights`, which are [rows, vocabulary]. */
interface Chunk {
  readonly rows: Tensor;
  readonly head: Tensor;
  readonly targets: Tensor;
  /** The highest logit, and all logits less it. */
  readonly top: Tensor;
  readonly shifted: Tensor;
  /** exp(shifted), and its sum: softmax is weights / sum. */
  readonly weights: Tensor;
  readonly sum: Tensor;
  readonly logSum: Tensor;
  readonly targetLogit: Tensor;
  /** d capped logit / d logit, where the model caps its logits. */
  readonly slope: Tensor | null;
}

function chunkOf(model: Model, weights: GraphWeights, hidden: Tensor, index: number): Chunk {
  const size = `predictions${index}`;
  const rows = model.norm(gatherRows(hidden, input(`predictors${index}`, 'i64', [size, 1])), { weights });
  const head = weights.matrix(model.head);
  const targets = input(`targets${index}`, 'i64', [size, 1]);
  const { logits, slope } = capped(gemm(rows, head, { transB: true }), model.logitSoftcap);
  const top = detach(reduceMax(logits, [-1], true));
  const shifted = sub(logits, top);
  const exponentials = exp(shifted);
  const sum = reduceSum(exponentials, [-1], true);
  return { rows, head, targets, top, shifted, weights: exponentials, sum, logSum: log(sum), targetLogit: pick(shifted, targets), slope };
}

/** cap·tanh(logit / cap), whose derivative is 1 − tanh². */
function capped(logits: Tensor, cap: number | null): { logits: Tensor; slope: Tensor | null } {
  if (cap === null) return { logits, slope: null };
  const bent = tanh(scale(logits, 1 / cap));
  return { logits: scale(bent, cap), slope: sub(scalar(1), square(bent)) };
}

/** Log-probs are logit − log Σ exp, never the log of a softmax. */
const logp = ({ targetLogit, logSum }: Chunk): Tensor => sub(targetLogit, logSum);

function sumSequences(logps: readonly Tensor[]): Tensor {
  const sums = logps.map((chunk, i) => matmul(input(`segments${i}`, 'f32', [2, 'pairs', `predictions${i}`]), chunk));
  return sums.reduce((left, right) => add(left, right));
}

const join = (parts: readonly Tensor[]): Tensor => concat(parts, 0, 'predictions');

function chunksOf(model: Model, weights: GraphWeights, hidden: Tensor): Chunk[] {
  return Array.from({ length: headChunks(model).count }, (_, i) => chunkOf(model, weights, hidden, i));
}

/** Completion log-probs, forward only. */
export function scoreHead(model: Model, weights: GraphWeights, hidden: Tensor): Scored {
  const logps = chunksOf(model, weights, hidden).map(logp);
  return { sequenceLogps: sumSequences(logps), tokenLogps: join(logps) };
}

/**
 * The head of a training step. Where the head itself is frozen, the gradient of a log-prob towards its row,
 * `W[y] − softmax(h·Wᵀ)·W`, is formed in the forward pass, so that no tensor of vocabulary size waits for the backward
 * one; a loss over log-probs only scales it. A trained head goes through the table of rules.
 */
export function trainHead(model: Model, weights: GraphWeights, hidden: Tensor, full: boolean): Measured {
  return joinChunks(chunksOf(model, weights, hidden).map((chunk) => (full ? measurePlain(chunk) : measureFused(chunk))));
}

/** Log-probs and what else is known of completions, forward only. */
export function measureHead(model: Model, weights: GraphWeights, hidden: Tensor): Measured {
  return joinChunks(chunksOf(model, weights, hidden).map((chunk) => packed(measurePlain(chunk))));
}

function joinChunks(measured: readonly MeasuredChunk[]): Measured {
  const logps = measured.map((chunk) => chunk.logp);
  return {
    sequenceLogps: sumSequences(logps),
    tokenLogps: join(logps),
    entropy: join(measured.map((chunk) => chunk.entropy)),
    meanLogit: join(measured.map((chunk) => chunk.meanLogit)),
    top1: join(measured.map((chunk) => chunk.top1)),
  };
}

interface MeasuredChunk {
  readonly logp: Tensor;
  readonly entropy: Tensor;
  readonly meanLogit: Tensor;
  readonly top1: Tensor;
}

function measurePlain(chunk: Chunk): MeasuredChunk {
  const { top, shifted, weights, sum, logSum, targetLogit } = chunk;
  return {
    logp: logp(chunk),
    entropy: sub(logSum, div(reduceSum(mul(weights, shifted), [-1], true), sum)),
    meanLogit: add(reduceMean(shifted, [-1], true), top),
    top1: toF32(equal(targetLogit, scalar(0))),
  };
}

/** One tensor a chunk, or ONNX Runtime would compute all chunks' logits before it takes the first result (engine order R4). */
function packed({ logp: value, entropy, meanLogit, top1 }: MeasuredChunk): MeasuredChunk {
  const columns = concat([value, entropy, meanLogit, top1], 1, 4);
  const column = (i: number): Tensor => slice(columns, 1, i, i + 1);
  return { logp: column(0), entropy: column(1), meanLogit: column(2), top1: column(3) };
}

function measureFused(chunk: Chunk): MeasuredChunk {
  const { logp: value, entropy, meanLogit, top1 } = measurePlain(chunk);
  const direction = directionOf(chunk);
  const width = known(chunk.rows, 1);
  // As in `packed`, and for its reason.
  const columns = concat([value, entropy, meanLogit, top1, direction], 1, 4 + width);
  const column = (i: number): Tensor => slice(columns, 1, i, i + 1);
  return {
    logp: withDirection(column(0), chunk.rows, slice(columns, 1, 4, 4 + width)),
    entropy: column(1),
    meanLogit: column(2),
    top1: column(3),
  };
}

/** W[y] − softmax(h·Wᵀ)·W; with capped logits each of the vocabulary's terms times the cap's slope. */
function directionOf({ head, targets, weights, sum, slope }: Chunk): Tensor {
  const target = gatherRows(head, targets);
  if (slope === null) return sub(target, div(gemm(weights, head), sum));
  return sub(mul(target, pick(slope, targets)), div(gemm(mul(weights, slope), head), sum));
}
