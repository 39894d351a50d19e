import { matmul, softmax } from '../graph/algebra';
import { add, greater, scale, sub, tanh, toF32 } from '../graph/elementwise';
import { permuteRows, reshape, transpose } from '../graph/structure';
import { scalar, type Dim, type Tensor } from '../graph/tensor';
import type { Attention, AttentionShape } from '../model/architectures/architecture';

/** Scores or logits as cap·tanh(x / cap); unchanged without a cap. */
export const capped = (scores: Tensor, softcap: number | null): Tensor =>
  softcap === null ? scores : scale(tanh(scale(scores, 1 / softcap)), softcap);

/**
 * The queries times the attention scale. Scaling the queries is cheaper than scaling the scores, which are more
 * numbers.
 */
export const scaleQueries = (q: Tensor, shape: AttentionShape): Tensor => scale(q, shape.scale);

/**
 * Masks for sliding windows: `mask`, which also hides keys that are `window` positions or more before a query. Each
 * window's mask is built once and shared by all layers that use it.
 *
 * @param mask added to the attention scores: 0 visible, −1e9 hidden
 * @param queries positions of the queries, a column: [..., rows, 1]
 * @param keys positions of the keys, a row: [..., 1, keys]
 * @returns a function from a window to its mask; for null it returns `mask` itself
 */
export function windowedMasks(mask: Tensor, queries: Tensor, keys: Tensor): (window: number | null) => Tensor {
  const masks = new Map<number, Tensor>();
  return (window) => {
    if (window === null) return mask;
    const known = masks.get(window);
    if (known) return known;
    const isTooFar = toF32(greater(sub(queries, keys), scalar(window - 1)));
    const windowed = add(mask, scale(isTooFar, -1e9));
    masks.set(window, windowed);
    return windowed;
  };
}

/** Inputs of a packed batch that attention reads; see `PackedBatch`. */
export interface PackedInputs {
  /** [tokens, 1] f32, positions within the sequence. */
  readonly places: Tensor;
  /** [groups, width] i64 */
  readonly unpack: Tensor;
  /** [tokens] i64 */
  readonly pack: Tensor;
  /** [groups, 1, 1, width, width] */
  readonly mask: Tensor;
}

/**
 * Attention over a packed batch. Rows are unpacked to [groups, width] for attention and packed again to [tokens]
 * afterwards.
 */
export function packedAttention({ places, unpack, pack, mask }: PackedInputs): Attention {
  const positions = permuteRows(places, unpack, pack);
  const masks = windowedMasks(
    mask,
    reshape(positions, ['groups', 1, 1, 'width', 1]),
    reshape(positions, ['groups', 1, 1, 1, 'width']),
  );
  const unpacked = (x: Tensor, shape: readonly Dim[], perm: readonly number[]): Tensor =>
    transpose(reshape(permuteRows(x, unpack, pack), ['groups', 'width', ...shape]), perm);

  return (shape, q, k, v) => {
    const { heads, kvHeads, headDim } = shape;
    const queries = unpacked(scaleQueries(q, shape), [kvHeads, heads / kvHeads, headDim], [0, 2, 3, 1, 4]);
    const keys = unpacked(k, [kvHeads, headDim], [0, 2, 3, 1]);
    const values = unpacked(v, [kvHeads, headDim], [0, 2, 1, 3]);
    const attended = transpose(attend(queries, keys, values, masks(shape.window), shape), [0, 3, 1, 2, 4]);
    const rows = reshape(reshape(attended, ['groups', 'width', heads * headDim]), ['slots', heads * headDim]);
    return permuteRows(rows, pack, unpack);
  };
}

/**
 * softmax(q·kᵀ + mask)·v. Query heads that share a key head are rows of one matrix product, so keys and values need no
 * copy for each query head (`repeat_kv` in `transformers`).
 *
 * @param q [groups, kvHeads, heads / kvHeads, width, headDim]
 * @param keys [groups, kvHeads, headDim, width]
 * @param values [groups, kvHeads, width, headDim]
 * @param mask [groups, 1, 1, width, width]
 * @returns the shape of `q`
 */
function attend(
  q: Tensor,
  keys: Tensor,
  values: Tensor,
  mask: Tensor,
  { heads, kvHeads, headDim, softcap }: AttentionShape,
): Tensor {
  const joined = (x: Tensor, size: Dim): Tensor => reshape(x, ['groups', kvHeads, 'queries', size]);
  const byHead = (x: Tensor, size: Dim): Tensor => reshape(x, ['groups', kvHeads, heads / kvHeads, 'width', size]);
  const scores = byHead(matmul(joined(q, headDim), keys), 'width');
  return byHead(matmul(joined(softmax(add(capped(scores, softcap), mask)), 'width'), values), headDim);
}
