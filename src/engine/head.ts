import { detach, gemm, reduceMax, reduceMean, reduceSum, withLocalGradient } from '../graph/algebra';
import { add, div, equal, exp, log, mul, scale, square, sub, tanh, toF32 } from '../graph/elementwise';
import { concat, gatherRows, pick, slice } from '../graph/structure';
import { input, knownSize, scalar, type Tensor } from '../graph/tensor';
import type { Model } from '../model/architectures/architecture';
import { tokenSums, type TokenSums } from './tokenSums';
import type { GraphWeights } from './weights';

export interface Scored {
  /** [2, pairs, 1] */
  readonly sequenceLogps: Tensor;
  /** [predictions, 1] */
  readonly tokenLogps: Tensor;
}

/** What a batch's predictions are measured by, [predictions, 1] each but for the sequences. */
export interface Measured extends Scored {
  readonly entropy: Tensor;
  readonly meanLogit: Tensor;
  readonly top1: Tensor;
  /** Only where it was asked for. */
  readonly agreement?: Tensor;
}

export interface MeasureOptions {
  /** log p − log Σ p² of every prediction too. */
  readonly agreement: boolean;
}

/**
 * How the head cuts its rows: logits of `rows` rows fill 32 MB, which keeps products of matrices near their full speed
 * and memory small; more than `count` such chunks grow evenly. Chunks beyond the last prediction are empty.
 */
export interface HeadChunks {
  readonly count: number;
  readonly rows: number;
}

export function headChunks({ vocabSize }: Pick<Model, 'vocabSize'>): HeadChunks {
  return { count: vocabSize < 8192 ? 1 : 16, rows: Math.max(64, Math.floor(2 ** 23 / vocabSize)) };
}

/**
 * One chunk of predictions before its results are joined. [rows, 1] but for `shifted` and `weights`, which are [rows,
 * vocabulary].
 */
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

/** cap·tanh(logit / cap), whose derivative is 1 − tanh². */
function capped(logits: Tensor, cap: number | null): { logits: Tensor; slope: Tensor | null } {
  if (cap === null) return { logits, slope: null };
  const bent = tanh(scale(logits, 1 / cap));
  return { logits: scale(bent, cap), slope: sub(scalar(1), square(bent)) };
}

/** Log-probs are logit − log Σ exp, never the log of a softmax. */
const logp = ({ targetLogit, logSum }: Chunk): Tensor => sub(targetLogit, logSum);

const join = (parts: readonly Tensor[]): Tensor => concat(parts, 0, 'predictions');

function chunksOf(model: Model, weights: GraphWeights, hidden: Tensor): Chunk[] {
  return Array.from({ length: headChunks(model).count }, (_, i) => chunkOf(model, weights, hidden, i));
}

/** Completion log-probs, forward only. */
export function scoreHead(model: Model, weights: GraphWeights, hidden: Tensor): Scored {
  const logps = chunksOf(model, weights, hidden).map(logp);
  return { sequenceLogps: tokenSums(logps, []).sequences, tokenLogps: join(logps) };
}

/**
 * The head of a training step. Where the head itself is frozen, the gradient of a log-prob towards its row,
 * `W[y] − softmax(h·Wᵀ)·W`, is formed in the forward pass, so that no tensor of vocabulary size waits for the backward
 * one; a loss over log-probs only scales it. A trained head goes through the table of rules.
 */
export function trainHead(
  model: Model,
  weights: GraphWeights,
  hidden: Tensor,
  options: MeasureOptions & { readonly full: boolean },
): { measured: Measured; sums: TokenSums } {
  return joinChunks(
    chunksOf(model, weights, hidden).map((chunk) =>
      options.full ? measurePlain(chunk, options) : measureFused(chunk, options),
    ),
  );
}

/** Log-probs and what else is known of completions, forward only. */
export function measureHead(model: Model, weights: GraphWeights, hidden: Tensor, options: MeasureOptions): Measured {
  return joinChunks(chunksOf(model, weights, hidden).map((chunk) => packed(measurePlain(chunk, options), []).measures))
    .measured;
}

function joinChunks(chunks: readonly Measures[]): { measured: Measured; sums: TokenSums } {
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

/** Of one chunk, [rows, 1] each. */
interface Measures {
  readonly logp: Tensor;
  readonly entropy: Tensor;
  readonly meanLogit: Tensor;
  readonly top1: Tensor;
  readonly agreement: Tensor | null;
}

function measurePlain(chunk: Chunk, { agreement }: MeasureOptions): Measures {
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

/**
 * One tensor a chunk, or ONNX Runtime would compute all chunks' logits before it takes the first result (engine order
 * R4).
 *
 * @param more [rows, width] each
 */
function packed(
  { logp: value, entropy, meanLogit, top1, agreement }: Measures,
  more: readonly Tensor[],
): { measures: Measures; more: readonly Tensor[] } {
  const parts = [value, entropy, meanLogit, top1, ...(agreement ? [agreement] : []), ...more];
  const widths = parts.map((part) => knownSize(part, 1));
  const ends = widths.map((_, i) => widths.slice(0, i + 1).reduce((sum, width) => sum + width, 0));
  const columns = concat(parts, 1, ends.at(-1) ?? 0);
  const part = (i: number): Tensor => slice(columns, 1, ends[i - 1] ?? 0, ends[i] ?? 0);
  const measures = {
    logp: part(0),
    entropy: part(1),
    meanLogit: part(2),
    top1: part(3),
    agreement: agreement && detach(part(4)),
  };
  return { measures, more: more.map((_, i) => part(parts.length - more.length + i)) };
}

function measureFused(chunk: Chunk, options: MeasureOptions): Measures {
  const { measures, more } = packed(measurePlain(chunk, options), [directionOf(chunk)]);
  const [direction] = more;
  return direction ? { ...measures, logp: withLocalGradient(measures.logp, chunk.rows, direction) } : measures;
}

/** W[y] − softmax(h·Wᵀ)·W; with capped logits each of the vocabulary's terms times the cap's slope. */
function directionOf({ head, targets, weights, sum, slope }: Chunk): Tensor {
  const target = gatherRows(head, targets);
  if (slope === null) return sub(target, div(gemm(weights, head), sum));
  return sub(mul(target, pick(slope, targets)), div(gemm(mul(weights, slope), head), sum));
}
