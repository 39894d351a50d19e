import { packPairs } from '../engine/packPairs';
import type { BatchMeasures, PackedBatch, StepResult, TokenizedPair } from '../engine/types';
import type { TextTokenizer } from '../model/tokenizer';
import { MarginError } from '../base/pure/marginError';

/**
 * A gradient this long is no direction any more. Steep objectives go far in sound runs, and clipping deals with that:
 * IPO over forward KL reaches 7e8 in a run that TRL finishes. The squares of AdamW's second moment overflow f32 only at
 * 1e19.
 */
const explodedNorm = 1e12;

/** A completion's token, counted from 0. */
export interface TokenPlace {
  readonly side: 'chosen' | 'rejected';
  readonly index: number;
  readonly id: number;
}

interface Trouble {
  /** As in "the log-prob is NaN". */
  readonly what: string;
  /** Index among the pairs that were looked at. */
  readonly pair: number;
  readonly token: TokenPlace;
}

/**
 * A run met NaN, infinity or an exploding gradient. The trainer knows its pairs by index; {@link explain} adds lines
 * and text.
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
 * The first number of a forward pass that is none, with the token it belongs to; of a loss, the pair furthest from its
 * reference.
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
    if (m >= 0) return { what: `its ${name} is ${perToken[m]}`, ...placeOf(batch, m) };
  }
  if (Number.isFinite(result.loss)) return null;
  const far = furthest(batch, result.sequenceLogps, reference);
  return { what: `the loss is ${result.loss}`, ...leastLikely(batch, result.tokenLogps, far) };
}

/** Whether a gradient's norm is no number, or out of all bounds. */
export const isExploded = (norm: number): boolean => !(norm <= explodedNorm);

/**
 * The pair whose gradient alone is the longest, with its least likely token, which pulls hardest.
 *
 * @param gradientOf one pass over one pair
 */
export async function steepest(
  pairs: readonly TokenizedPair[],
  norm: number,
  gradientOf: (batch: PackedBatch, pair: number) => Promise<StepResult>,
): Promise<Trouble> {
  let worst = { length: -1, pair: 0, token: { side: 'chosen', index: 0, id: 0 } as TokenPlace };
  for (const [i, pair] of pairs.entries()) {
    const batch = packPairs([pair]);
    const { gradients, tokenLogps } = await gradientOf(batch, i);
    const own = lengthOf(gradients);
    const length = Number.isFinite(own) ? own : Number.POSITIVE_INFINITY;
    if (length > worst.length) worst = { length, ...leastLikely(batch, tokenLogps, 0), pair: i };
  }
  return {
    what: `the gradient's norm is ${norm}, this pair's alone ${worst.length}`,
    pair: worst.pair,
    token: worst.token,
  };
}

/** The error a person sees: step, file and line, side, token and its text, and what to do. */
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
  return new MarginError(
    'not-finite',
    `Step ${step}, ${file}:${line}, ${token.side}, token ${token.index + 1} (${JSON.stringify(tokenizer.decode([token.id]))}): ${what}. ${kept} Lower learning_rate or raise warmup_steps, and look at this pair.`,
    { step, file, line, ...token },
  );
}

function placeOf({ pairs, predictions, segments, targets }: PackedBatch, m: number): Pick<Trouble, 'pair' | 'token'> {
  const sequences = Array.from({ length: 2 * pairs }, (_, s) => s);
  const sequence = sequences.find((s) => segments[s * predictions + m] === 1) ?? 0;
  const index = segments
    .subarray(sequence * predictions, sequence * predictions + m)
    .reduce((sum, member) => sum + member, 0);
  return {
    pair: sequence % pairs,
    token: { side: sequence < pairs ? 'chosen' : 'rejected', index, id: Number(targets[m] ?? 0) },
  };
}

function furthest({ pairs }: PackedBatch, logps: Float32Array, reference: Float32Array): number {
  const distance = (pair: number): number => {
    const ratio = [pair, pairs + pair].map((s) => Math.abs((logps[s] ?? 0) - (reference[s] ?? 0)));
    return ratio.every(Number.isFinite) ? Math.max(...ratio) : Number.POSITIVE_INFINITY;
  };
  return Array.from({ length: pairs }, (_, pair) => pair).reduce(
    (far, pair) => (distance(pair) > distance(far) ? pair : far),
    0,
  );
}

function leastLikely(batch: PackedBatch, tokenLogps: Float32Array, pair: number): Pick<Trouble, 'pair' | 'token'> {
  let least = -1;
  tokenLogps.forEach((logp, m) => {
    if (placeOf(batch, m).pair === pair && (least < 0 || logp < (tokenLogps[least] ?? 0))) least = m;
  });
  return { pair, token: placeOf(batch, Math.max(0, least)).token };
}

function lengthOf(gradients: ReadonlyMap<string, Float32Array>): number {
  let sum = 0;
  for (const gradient of gradients.values()) for (const g of gradient) sum += g * g;
  return Math.sqrt(sum);
}
