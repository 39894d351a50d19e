import { at, must } from '../base/pure/must';
import { packPairs } from '../engine/packPairs';
import type { BatchMeasures, PackedBatch, StepResult, TokenizedPair } from '../engine/types';
import type { TextTokenizer } from '../model/tokenizer';
import { MarginError } from '../base/pure/marginError';

/**
 * A gradient norm above this counts as an explosion. Clipping handles large norms in healthy runs: IPO with forward KL
 * reaches 7e8 in a run that TRL finishes. The squares in AdamW's second moment overflow f32 at 1e19.
 */
const explodedNorm = 1e12;

/** A token of a row. */
export interface RowToken {
  /** The part of the row that it belongs to. It may be the prompt, because ORPO's loss reads prompts too. */
  readonly side: 'prompt' | 'chosen' | 'rejected';
  /** The index in that part, from 0. */
  readonly index: number;
  readonly id: number;
}

interface Trouble {
  /** As in "the log-prob is NaN". */
  readonly what: string;
  /** Index of the pair among those that were checked. */
  readonly pair: number;
  /** null: the pair has no token that could be named. */
  readonly token: RowToken | null;
}

/**
 * The run has NaN, infinity or an exploding gradient. It names the pair by index; {@link explain} adds the line and the
 * text.
 */
export class NumericTrouble extends Error {
  readonly code = 'not-finite';

  constructor(
    readonly step: number,
    readonly trouble: Trouble,
  ) {
    super(trouble.what);
    this.name = 'NumericTrouble';
  }
}

/**
 * Finds the first result of a forward pass that is not finite, with its token. If only the loss is not finite, it names
 * the least likely token of the pair that is furthest from its reference.
 *
 * @param reference [2·pairs] log-prob sums in nats
 */
export function findTrouble(
  batch: PackedBatch,
  result: Omit<BatchMeasures, 'agreement'> & Pick<StepResult, 'loss'>,
  reference: Float32Array,
): Trouble | null {
  const values = [
    ['log-prob', result.tokenLogps],
    ['entropy', result.entropy],
    ['mean logit', result.meanLogit],
  ] as const;
  for (const [name, perToken] of values) {
    const m = perToken.findIndex((value) => !Number.isFinite(value));
    if (m >= 0) return { what: `its ${name} is ${perToken[m]}`, ...tokenAt(batch, m) };
  }
  if (Number.isFinite(result.loss)) return null;
  const far = furthest(batch, result.sequenceLogps, reference);
  return { what: `the loss is ${result.loss}`, ...leastLikely(batch, result.tokenLogps, far) };
}

/** Whether a gradient's norm is NaN or above the bound. */
export const isExploded = (norm: number): boolean => !(norm <= explodedNorm);

/**
 * Finds the pair with the largest gradient norm of its own, and its least likely token, which contributes most.
 *
 * @param norm of the whole step, for the message
 * @param gradientOf runs one pass over one pair
 */
export async function steepest(
  pairs: readonly TokenizedPair[],
  norm: number,
  gradientOf: (batch: PackedBatch, pair: number) => Promise<StepResult>,
): Promise<Trouble> {
  let worst: (Pick<Trouble, 'pair' | 'token'> & { readonly norm: number }) | null = null;
  for (const [i, pair] of pairs.entries()) {
    const batch = packPairs([pair]);
    const { gradients, tokenLogps } = await gradientOf(batch, i);
    const length = lengthOf(gradients);
    const own = Number.isFinite(length) ? length : Number.POSITIVE_INFINITY;
    if (!worst || own > worst.norm) worst = { norm: own, ...leastLikely(batch, tokenLogps, 0), pair: i };
  }
  const { norm: own, pair, token } = must(worst, 'a pair of the step');
  return { what: `the gradient's norm is ${norm}, this pair's alone ${own}`, pair, token };
}

/**
 * The error that a person sees. It names step, file, line, side and token, and says what to do.
 *
 * @param newest folder of the newest checkpoint; null if there is none
 */
export function explain(
  { step, trouble }: NumericTrouble,
  file: string,
  line: number,
  tokenizer: TextTokenizer,
  newest: string | null,
): MarginError {
  const { what, token } = trouble;
  const kept =
    newest === null
      ? 'There is no checkpoint yet.'
      : `This step was not applied; the newest checkpoint before it is ${newest}.`;
  const text = token && JSON.stringify(tokenizer.decode([token.id]));
  const where = token ? `, ${token.side}, token ${token.index + 1} (${text})` : '';
  return new MarginError(
    'not-finite',
    `Step ${step}, ${file}:${line}${where}: ${what}. ${kept} Lower learning_rate or raise warmup_steps, and check this pair.`,
    { step, file, line, ...token },
  );
}

/** The token of a prediction, and its pair. A token that both answers share counts as chosen. */
function tokenAt(batch: PackedBatch, m: number): { readonly pair: number; readonly token: RowToken } {
  const { pairs, predictions, segments, prompts, targets } = batch;
  const id = Number(at(targets, m));
  const before = (members: Float32Array, row: number): number =>
    members.subarray(row * predictions, row * predictions + m).reduce((sum, member) => sum + member, 0);
  const rowWith = (members: Float32Array, rows: number): number =>
    Array.from({ length: rows }, (_, row) => row).findIndex((row) => members[row * predictions + m] === 1);
  const sequence = rowWith(segments, 2 * pairs);
  if (sequence < 0) {
    const pair = rowWith(prompts, pairs);
    // A prompt's first token has no prediction.
    return { pair, token: { side: 'prompt', index: before(prompts, pair) + 1, id } };
  }
  const side = sequence < pairs ? 'chosen' : 'rejected';
  return { pair: sequence % pairs, token: { side, index: before(segments, sequence), id } };
}

/** The pair whose log-probs are furthest from the reference's. */
function furthest({ pairs }: PackedBatch, logps: Float32Array, reference: Float32Array): number {
  const distance = (pair: number): number => {
    const ratio = [pair, pairs + pair].map((s) => Math.abs(at(logps, s) - at(reference, s)));
    return ratio.every(Number.isFinite) ? Math.max(...ratio) : Number.POSITIVE_INFINITY;
  };
  return Array.from({ length: pairs }, (_, pair) => pair).reduce(
    (far, pair) => (distance(pair) > distance(far) ? pair : far),
    0,
  );
}

/** The token of a pair with the lowest log-prob. */
function leastLikely(batch: PackedBatch, tokenLogps: Float32Array, pair: number): Pick<Trouble, 'pair' | 'token'> {
  let least: { readonly logp: number; readonly token: RowToken } | null = null;
  for (const [m, logp] of tokenLogps.entries()) {
    const found = tokenAt(batch, m);
    if (found.pair === pair && (!least || logp < least.logp)) least = { logp, token: found.token };
  }
  return { pair, token: least ? least.token : null };
}

/** The joint norm of all gradients. */
function lengthOf(gradients: ReadonlyMap<string, Float32Array>): number {
  let sum = 0;
  for (const gradient of gradients.values()) for (const g of gradient) sum += g * g;
  return Math.sqrt(sum);
}
