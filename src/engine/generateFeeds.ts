import { f32, i64, type Feeds } from './runtime';

/** Tokens that a sequence goes on by in one run. */
export interface Piece {
  readonly ids: readonly number[];
  /** Tokens of it in the cache, behind which these stand. */
  readonly past: number;
  /** All that the sequence can reach: keys in the cache cannot be turned anew when a longer context sets in. */
  readonly span: number;
}

/** Added to the score of what a token does not see. */
const hidden = -1e9;

/**
 * What a continuation graph is fed besides the cache.
 *
 * @param pieces of the cache's sequences, in their order, a token or more each
 * @param places of the cache, of which a sequence's own come first
 * @param asks for the logits after every token, or after each piece's last
 */
export function pieceFeeds(pieces: readonly Piece[], places: number, asks: 'all' | 'last'): Feeds {
  const tokens = pieces.flatMap(({ ids, past, span }, row) =>
    ids.map((id, at) => ({ id, place: past + at, span, row, at, isLast: at === ids.length - 1 })),
  );
  const width = Math.max(...pieces.map(({ ids }) => ids.length));
  const predictors = tokens.flatMap(({ isLast }, i) => (asks === 'all' || isLast ? [i] : []));
  // Slots behind a piece's last token repeat it and are not read.
  let start = 0;
  const unpack = pieces.flatMap(({ ids: { length } }) => {
    const first = start;
    start += length;
    return Array.from({ length: width }, (_, at) => first + Math.min(at, length - 1));
  });
  return {
    ids: integers(
      tokens.map(({ id }) => id),
      [tokens.length],
    ),
    positions: integers(
      tokens.map(({ place }) => place),
      [tokens.length],
    ),
    places: column(tokens.map(({ place }) => place)),
    spans: column(tokens.map(({ span }) => span)),
    unpack: integers(unpack, [pieces.length, width]),
    pack: integers(
      tokens.map(({ row, at }) => row * width + at),
      [tokens.length],
    ),
    predictors: integers(predictors, [predictors.length]),
    sizes: integers([places, width], [2]),
    ...visibility(pieces, places, width),
  };
}

const integers = (values: readonly number[], shape: readonly number[]): Feeds[string] =>
  i64(BigInt64Array.from(values, BigInt), shape);
const column = (values: readonly number[]): Feeds[string] => f32(Float32Array.from(values), [values.length, 1]);

/** A token sees its sequence's places of the cache, itself, and the new ones before it. */
function visibility(pieces: readonly Piece[], places: number, width: number): Feeds {
  const total = places + width;
  const mask = new Float32Array(pieces.length * width * total);
  const keyPlaces = new Float32Array(pieces.length * total);
  pieces.forEach(({ past }, row) => {
    for (let at = 0; at < width; at++) {
      const start = (row * width + at) * total;
      mask.fill(hidden, start + past, start + places).fill(hidden, start + places + at + 1, start + total);
    }
    for (let place = 0; place < total; place++)
      keyPlaces[row * total + place] = place < places ? place : past + place - places;
  });
  return {
    mask: f32(mask, [pieces.length, 1, 1, width, total]),
    keyPlaces: f32(keyPlaces, [pieces.length, 1, 1, 1, total]),
  };
}
