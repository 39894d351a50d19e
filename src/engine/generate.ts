import { MarginError } from '../base/pure/marginError';
import type { Model } from '../model/architectures/architecture';
import { drawToken } from './drawToken';
import { pieceFeeds, type Piece } from './generateFeeds';
import { KeyValueCache } from './keyValueCache';
import { seededRandom } from '../base/pure/seededRandom';
import type { Feeds } from './runtime';
import type { Drawn, GenerateOptions } from './types';

export type Runner = (feeds: Feeds) => Promise<Record<string, Float32Array>>;

/** A model in both its forms: as it is, and narrowed, which guesses what the other will draw. */
export interface Speakers {
  readonly model: Model;
  readonly exact: Runner;
  /** The narrow one, if there is one and it pays for an answer of which so many tokens are drawn. */
  readonly drafter: (drawn: number) => Promise<Runner | null>;
}

/**
 * Rows that a product takes for less than double the time of one, and more would not pay: drafts that far ahead are
 * seldom right.
 */
const cheapRows = 12;

/** A sequence that is being written. Its place in the list of them is its place in the cache. */
interface Sequence {
  readonly index: number;
  /** What draws its n-th token. Of its own, so that what is drawn does not depend on what is drawn beside it. */
  readonly chance: (n: number) => number;
  readonly span: number;
  /** Tokens in the cache. */
  past: number;
  drawn: number;
  last: number;
}

/**
 * What {@link GenerateSession.generate} gives. With a drafter a round drafts some tokens of each sequence, one by one,
 * and reads them all in one run of the exact model: as far as that draws the same, they are drawn (Leviathan et al.
 * 2023, arXiv:2211.17192). As a draft is drawn by the very chance that will draw the token, sampling needs no
 * correction.
 */
export async function* generate(
  speakers: Speakers,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions,
): AsyncGenerator<Drawn> {
  const cache = new KeyValueCache(
    speakers.model.attention,
    prompts.length,
    1 + Math.max(0, ...prompts.map(({ length }) => length)),
  );
  let sequences = yield* readPrompts(speakers, cache, prompts, options);
  while (sequences.length > 0 && !options.signal?.aborted) sequences = yield* goOn(speakers, cache, sequences, options);
}

/** Reads the prompts, one after another, and draws the first token of each. Returns the sequences that go on. */
async function* readPrompts(
  { model, exact }: Speakers,
  cache: KeyValueCache,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions,
): AsyncGenerator<Drawn, readonly Sequence[]> {
  const { maxPositions } = model;
  const empty = new KeyValueCache(model.attention, 1, 1);
  const sequences: Sequence[] = [];
  for (const [index, ids] of prompts.entries()) {
    if (options.signal?.aborted) return [];
    if (ids.length > maxPositions) continue;
    const sequence = {
      index,
      chance: chances(options.sampling?.seed ?? 0),
      span: Math.min(maxPositions, ids.length + options.maxNewTokens),
      past: ids.length,
      drawn: 0,
      last: 0,
    };
    const results = await exact({
      ...pieceFeeds([{ ids, past: 0, span: sequence.span }], empty.places, 'last'),
      ...empty.feeds(),
    });
    ids.forEach((_, place) => cache.write(sequences.length, place, results, place));
    const id = draw(sequence, results.logits ?? new Float32Array(), options);
    if (id === null) continue;
    yield { index, id };
    if (goesOn(sequence, model, options)) sequences.push(sequence);
  }
  cache.retain([...sequences.keys()]);
  return sequences;
}

/** Draws a token of each sequence, and more where drafts prove right. Returns the sequences that go on. */
async function* goOn(
  speakers: Speakers,
  cache: KeyValueCache,
  sequences: readonly Sequence[],
  options: GenerateOptions,
): AsyncGenerator<Drawn, readonly Sequence[]> {
  const wanted = draftCount(speakers.model, sequences, options);
  const drafter = wanted > 0 ? await speakers.drafter(Math.max(...sequences.map(({ drawn }) => drawn))) : null;
  const count = drafter ? wanted : 0;
  cache.reserve(1 + count + Math.max(...sequences.map(({ past }) => past)));
  const drafts = drafter ? await draft(drafter, cache, sequences, count, options) : [];
  const pieces = sequences.map(({ last, past, span }, row): Piece => ({
    ids: [last, ...(drafts[row] ?? [])],
    past,
    span,
  }));
  const results = await speakers.exact({ ...pieceFeeds(pieces, cache.places, 'all'), ...cache.feeds() });
  const logits = rowsOf(results, sequences.length * (1 + count));
  const kept: number[] = [];
  for (const [row, sequence] of sequences.entries()) {
    for (let at = 0; at <= count; at++) {
      if (options.signal?.aborted) return [];
      const token = row * (1 + count) + at;
      cache.write(row, sequence.past++, results, token);
      const id = draw(sequence, logits(token), options);
      if (id === null) break;
      yield { index: sequence.index, id };
      if (!goesOn(sequence, speakers.model, options)) break;
      // What was read behind a wrong draft was read for another text.
      if (id === drafts[row]?.[at]) continue;
      kept.push(row);
      break;
    }
  }
  if (kept.length < sequences.length) cache.retain(kept);
  return sequences.filter((_, row) => kept.includes(row));
}

function goesOn(
  { past, drawn, index }: Sequence,
  { maxPositions }: Model,
  { maxNewTokens, isOver }: GenerateOptions,
): boolean {
  return drawn < maxNewTokens && past < maxPositions && isOver?.(index) !== true;
}

/** The sequence's next token; null where it ends. @throws MarginError `not-finite` */
function draw(sequence: Sequence, logits: Float32Array, { sampling, stopIds }: GenerateOptions): number | null {
  const n = sequence.drawn++;
  sequence.last = drawToken(logits, sampling, () => sequence.chance(n));
  const logit = logits[sequence.last];
  if (!Number.isFinite(logit))
    throw new MarginError(
      'not-finite',
      `The logit of token ${n + 1} of the answer is ${logit}: the model's numbers have gone beyond all bounds. Take an earlier checkpoint, or another model.`,
    );
  return stopIds.has(sequence.last) ? null : sequence.last;
}

/**
 * Tokens to draft of each sequence: none beyond what all can still reach, and few where many sequences share a product.
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
 * The next tokens of each sequence as the drafter draws them. Its keys and values stand in the cache until the exact
 * ones take their place.
 */
async function draft(
  drafter: Runner,
  cache: KeyValueCache,
  sequences: readonly Sequence[],
  count: number,
  { sampling }: GenerateOptions,
): Promise<number[][]> {
  const drafts: number[][] = sequences.map(() => []);
  for (let ahead = 0; ahead < count; ahead++) {
    const pieces = sequences.map(({ last, past, span }, row): Piece => ({
      ids: [drafts[row]?.at(-1) ?? last],
      past: past + ahead,
      span,
    }));
    const results = await drafter({ ...pieceFeeds(pieces, cache.places, 'last'), ...cache.feeds() });
    const logits = rowsOf(results, sequences.length);
    sequences.forEach(({ chance, past, drawn }, row) => {
      cache.write(row, past + ahead, results, row);
      drafts[row]?.push(drawToken(logits(row), sampling, () => chance(drawn + ahead)));
    });
  }
  return drafts;
}

function rowsOf({ logits }: Readonly<Record<string, Float32Array>>, count: number): (row: number) => Float32Array {
  const size = (logits?.length ?? 0) / count;
  return (row) => logits?.subarray(row * size, (row + 1) * size) ?? new Float32Array();
}

/** Random numbers in [0, 1) by their place in the order. */
function chances(seed: number): (n: number) => number {
  const random = seededRandom(seed);
  const known: number[] = [];
  return (n) => {
    while (known.length <= n) known.push(random());
    return known[n] ?? 0;
  };
}
