import { MarginError } from '../base/pure/marginError';
import { at, must } from '../base/pure/must';
import type { Model } from '../model/architectures/architecture';
import { continuationFeeds, type NewTokens } from './generateFeeds';
import { KeyValueCache } from './keyValueCache';
import { seededRandom } from '../base/pure/seededRandom';
import type { Feeds } from './runtime';
import { TokenDrawer } from './tokenDrawer';
import type { GeneratedToken, GenerateOptions } from './types';

/** Runs a continuation graph once. */
export type Runner = (feeds: Feeds) => Promise<Record<string, Float32Array>>;

/** A model to generate with, and its drafter for speculative decoding. */
export interface SpeculativeDecoder {
  readonly model: Model;
  /** The model itself. */
  readonly exact: Runner;
  /**
   * The 8-bit copy of the model, which drafts tokens; null if there is none yet, or the answer is still too short for
   * it to save time.
   *
   * @param drawn how many tokens the longest answer has
   */
  readonly drafter: (drawn: number) => Promise<Runner | null>;
}

/**
 * A matrix product with this many rows takes less than twice the time of one row. More rows would save no time, because
 * drafts that far ahead are seldom right.
 */
const cheapRows = 12;

/** What all answers of a call share. */
interface Decoding extends GenerateOptions {
  readonly drawer: TokenDrawer;
}

/** An answer in progress. Its index in the list of sequences is its index in the cache. */
interface Sequence {
  /** The index of its prompt. */
  readonly index: number;
  /**
   * The random number for its n-th token. Each sequence has its own, so the other sequences do not change its answer.
   */
  readonly randomAt: (n: number) => number;
  /** The most tokens that it can have. */
  readonly span: number;
  /** Tokens in the cache. */
  past: number;
  /** Tokens of the answer so far. */
  drawn: number;
  /** The last token of the answer. */
  last: number;
}

/**
 * Generates the answers to several prompts; see {@link GenerateSession.generate}.
 *
 * With a drafter this is speculative decoding (Leviathan et al. 2023, arXiv:2211.17192). In each round the drafter
 * drafts some tokens of each sequence one by one, and one run of the exact model reads all of them. The tokens that the
 * exact model draws are the answer; the round ends at the first one that differs from the draft. A draft is drawn with
 * the random number of its token, so a drafter does not change sampled answers either.
 */
export async function* generate(
  decoder: SpeculativeDecoder,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken> {
  const decoding: Decoding = { ...options, drawer: new TokenDrawer(options.sampling) };
  const longest = Math.max(0, ...prompts.map(({ length }) => length));
  const cache = new KeyValueCache(decoder.model.attention, prompts.length, 1 + longest);
  let sequences = yield* readPrompts(decoder, cache, prompts, decoding);
  while (sequences.length > 0 && !options.signal?.aborted)
    sequences = yield* decodeRound(decoder, cache, sequences, decoding);
}

/** Reads the prompts one after another and draws the first token of each. Returns the sequences that continue. */
async function* readPrompts(
  { model, exact }: SpeculativeDecoder,
  cache: KeyValueCache,
  prompts: readonly (readonly number[])[],
  options: Decoding,
): AsyncGenerator<GeneratedToken, readonly Sequence[]> {
  const { maxPositions } = model;
  const empty = new KeyValueCache(model.attention, 1, 1);
  const sequences: Sequence[] = [];
  let before: { readonly ids: readonly number[]; readonly results: Record<string, Float32Array> } | null = null;
  for (const [index, ids] of prompts.entries()) {
    if (options.signal?.aborted) return [];
    if (ids.length > maxPositions) continue;
    const sequence = newSequence(index, ids, maxPositions, options);
    // Several answers to a prompt follow one another, so one result is kept.
    const results: Record<string, Float32Array> =
      before !== null && isEqual(before.ids, ids)
        ? before.results
        : await exact({
            ...continuationFeeds([{ ids, past: 0, span: sequence.span }], empty.capacity, 'last'),
            ...empty.feeds(),
          });
    before = { ids, results };
    ids.forEach((_, position) => cache.write(sequences.length, position, results, position));
    const id = draw(sequence, logitsOf(results), options);
    if (id === null) continue;
    yield { index, id };
    if (continues(sequence, model, options)) sequences.push(sequence);
  }
  cache.retain([...sequences.keys()]);
  return sequences;
}

function newSequence(
  index: number,
  prompt: readonly number[],
  maxPositions: number,
  { maxNewTokens, sampling, seeds }: GenerateOptions,
): Sequence {
  // Greedy decoding draws no random numbers, so any seed is right.
  const seed = sampling ? sampling.seed : 0;
  return {
    index,
    randomAt: randomSequence(seeds ? at(seeds, index) : seed),
    span: Math.min(maxPositions, prompt.length + maxNewTokens),
    past: prompt.length,
    drawn: 0,
    last: at(prompt, prompt.length - 1),
  };
}

const isEqual = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);

/** Draws one token of each sequence, and more if drafts prove right. Returns the sequences that continue. */
async function* decodeRound(
  { model, exact, drafter }: SpeculativeDecoder,
  cache: KeyValueCache,
  sequences: readonly Sequence[],
  options: Decoding,
): AsyncGenerator<GeneratedToken, readonly Sequence[]> {
  const drafts = await draftTokens(model, drafter, cache, sequences, options);
  const count = at(drafts, 0).length;
  cache.reserve(1 + count + Math.max(...sequences.map(({ past }) => past)));
  const fed = sequences.map(({ last, past, span }, row): NewTokens => ({
    ids: [last, ...at(drafts, row)],
    past,
    span,
  }));
  const results = await exact({ ...continuationFeeds(fed, cache.capacity, 'all'), ...cache.feeds() });
  const logits = logitRows(results, sequences.length * (1 + count));
  const kept: number[] = [];
  for (const [row, sequence] of sequences.entries()) {
    for (let i = 0; i <= count; i++) {
      if (options.signal?.aborted) return [];
      const token = row * (1 + count) + i;
      cache.write(row, sequence.past++, results, token);
      const id = draw(sequence, logits(token), options);
      if (id === null) break;
      yield { index: sequence.index, id };
      if (!continues(sequence, model, options)) break;
      // The model has read the next tokens after this draft. They count only if the draft is right.
      if (id === at(drafts, row)[i]) continue;
      kept.push(row);
      break;
    }
  }
  if (kept.length < sequences.length) cache.retain(kept);
  return kept.map((row) => at(sequences, row));
}

function continues(
  { past, drawn, index }: Sequence,
  { maxPositions }: Model,
  { maxNewTokens, isFinished }: GenerateOptions,
): boolean {
  return drawn < maxNewTokens && past < maxPositions && isFinished?.(index) !== true;
}

/** The sequence's next token; null if the sequence ends. @throws MarginError `not-finite` */
function draw(sequence: Sequence, logits: Float32Array, { drawer, stopIds }: Decoding): number | null {
  const n = sequence.drawn++;
  sequence.last = drawer.draw(logits, () => sequence.randomAt(n));
  const logit = logits[sequence.last];
  if (!Number.isFinite(logit))
    throw new MarginError(
      'not-finite',
      `The logit of token ${n + 1} of the answer is ${logit}: the model's weights have diverged. Use an earlier checkpoint or another model.`,
    );
  return stopIds.has(sequence.last) ? null : sequence.last;
}

/** Drafts tokens of each sequence: the same number for each, and none without a drafter. */
async function draftTokens(
  model: Model,
  findDrafter: SpeculativeDecoder['drafter'],
  cache: KeyValueCache,
  sequences: readonly Sequence[],
  options: Decoding,
): Promise<number[][]> {
  const count = draftCount(model, sequences, options);
  const drafter = count > 0 ? await findDrafter(Math.max(...sequences.map(({ drawn }) => drawn))) : null;
  if (drafter === null) return sequences.map(() => []);
  cache.reserve(1 + count + Math.max(...sequences.map(({ past }) => past)));
  return draft(drafter, cache, sequences, count, options);
}

/**
 * How many tokens to draft: at most as many as a sequence may still get, and few if many sequences share a matrix
 * product.
 */
function draftCount(
  { maxPositions }: Model,
  sequences: readonly Sequence[],
  { maxNewTokens }: GenerateOptions,
): number {
  const reach = sequences.map(({ past, drawn }) => Math.min(maxNewTokens - drawn, maxPositions - past) - 1);
  return Math.max(0, Math.min(Math.floor(cheapRows / sequences.length) - 1, ...reach));
}

/**
 * The next `count` tokens of each sequence as the drafter draws them. The drafter's keys and values stay in the cache
 * until those of the exact model overwrite them.
 */
async function draft(
  drafter: Runner,
  cache: KeyValueCache,
  sequences: readonly Sequence[],
  count: number,
  { drawer }: Decoding,
): Promise<number[][]> {
  const drafts = sequences.map((): number[] => []);
  for (let ahead = 0; ahead < count; ahead++) {
    const fed = sequences.map(({ last, past, span }, row): NewTokens => ({
      ids: [at(drafts, row).at(-1) ?? last],
      past: past + ahead,
      span,
    }));
    const results = await drafter({ ...continuationFeeds(fed, cache.capacity, 'last'), ...cache.feeds() });
    const logits = logitRows(results, sequences.length);
    sequences.forEach(({ randomAt, past, drawn }, row) => {
      cache.write(row, past + ahead, results, row);
      at(drafts, row).push(drawer.draw(logits(row), () => randomAt(drawn + ahead)));
    });
  }
  return drafts;
}

const logitsOf = ({ logits }: Readonly<Record<string, Float32Array>>): Float32Array =>
  must(logits, 'the output logits');

/** Splits logits [count, vocabulary] into rows. */
function logitRows(results: Readonly<Record<string, Float32Array>>, count: number): (row: number) => Float32Array {
  const logits = logitsOf(results);
  const vocabulary = logits.length / count;
  return (row) => logits.subarray(row * vocabulary, (row + 1) * vocabulary);
}

/** A seeded sequence of random numbers in [0, 1), by index. */
function randomSequence(seed: number): (n: number) => number {
  const random = seededRandom(seed);
  const known: number[] = [];
  return (n) => {
    while (known.length <= n) known.push(random());
    return at(known, n);
  };
}
