import { f32, i64, type Feeds } from './runtime';

/** New tokens of one sequence for one run of a continuation graph. */
export interface NewTokens {
  readonly ids: readonly number[];
  /** How many of the sequence's tokens are in the cache, before these. */
  readonly past: number;
  /**
   * The longest that the sequence can become. RoPE variants that depend on the length read it, because keys in the
   * cache cannot be rotated again when the sequence grows past a limit.
   */
  readonly span: number;
}

/** Added to the score of a key that a query must not see. */
const masked = -1e9;

/**
 * The inputs of a continuation graph besides the cache; see `continuationGraph`.
 *
 * @param sequences one entry for each sequence of the cache, in its order, with one token or more each
 * @param capacity of the cache; a sequence fills its positions from 0 on
 * @param logits for `all` tokens, or for the `last` one of each sequence
 */
export function continuationFeeds(sequences: readonly NewTokens[], capacity: number, logits: 'all' | 'last'): Feeds {
  const tokens = sequences.flatMap(({ ids, past, span }, row) =>
    ids.map((id, i) => ({ id, position: past + i, span, row, i, isLast: i === ids.length - 1 })),
  );
  const width = Math.max(...sequences.map(({ ids }) => ids.length));
  const predictors = tokens.flatMap(({ isLast }, i) => (logits === 'all' || isLast ? [i] : []));
  return {
    ids: integers(
      tokens.map(({ id }) => id),
      [tokens.length],
    ),
    positions: integers(
      tokens.map(({ position }) => position),
      [tokens.length],
    ),
    places: column(tokens.map(({ position }) => position)),
    spans: column(tokens.map(({ span }) => span)),
    unpack: unpackIndex(sequences, width),
    pack: integers(
      tokens.map(({ row, i }) => row * width + i),
      [tokens.length],
    ),
    predictors: integers(predictors, [predictors.length]),
    sizes: integers([capacity, width], [2]),
    ...visibility(sequences, capacity, width),
  };
}

const integers = (values: readonly number[], shape: readonly number[]): Feeds[string] =>
  i64(BigInt64Array.from(values, BigInt), shape);
const column = (values: readonly number[]): Feeds[string] => f32(Float32Array.from(values), [values.length, 1]);

/**
 * The token for each slot [sequences, width]. Slots after a sequence's last token repeat it, and nothing reads them.
 */
function unpackIndex(sequences: readonly NewTokens[], width: number): Feeds[string] {
  let first = 0;
  const index = sequences.flatMap(({ ids: { length } }) => {
    const start = first;
    first += length;
    return Array.from({ length: width }, (_, i) => start + Math.min(i, length - 1));
  });
  return integers(index, [sequences.length, width]);
}

/**
 * What each new token sees: its sequence's tokens in the cache, itself, and the new tokens before it.
 *
 * @returns `mask` [sequences, 1, 1, width, capacity + width], and `keyPlaces` [sequences, 1, 1, 1, capacity + width],
 *   the position of each key
 */
function visibility(sequences: readonly NewTokens[], capacity: number, width: number): Feeds {
  const keys = capacity + width;
  const mask = new Float32Array(sequences.length * width * keys);
  const keyPositions = new Float32Array(sequences.length * keys);
  sequences.forEach(({ past }, row) => {
    for (let i = 0; i < width; i++) {
      const start = (row * width + i) * keys;
      mask.fill(masked, start + past, start + capacity).fill(masked, start + capacity + i + 1, start + keys);
    }
    for (let key = 0; key < keys; key++) keyPositions[row * keys + key] = key < capacity ? key : past + key - capacity;
  });
  return {
    mask: f32(mask, [sequences.length, 1, 1, width, keys]),
    keyPlaces: f32(keyPositions, [sequences.length, 1, 1, 1, keys]),
  };
}
