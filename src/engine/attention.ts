import { matmul, softmax } from '../graph/algebra';
import { add, greater, scale, sub, tanh, toF32 } from '../graph/elementwise';
import { permuteRows, reshape, transpose } from '../graph/structure';
import { scalar, type Dim, type Tensor } from '../graph/tensor';
import type { Attention, AttentionShape } from '../model/architectures/architecture';

/** Scores as cap·tanh(score / cap), where there is a cap. */
export const capped = (scores: Tensor, softcap: number | null): Tensor =>
  softcap === null ? scores : scale(tanh(scale(scores, 1 / softcap)), softcap);

/** q times the scale: the queries are fewer numbers than the scores. */
export const scaleQueries = (q: Tensor, shape: AttentionShape): Tensor => scale(q, shape.scale);

/**
 * The mask with what lies `window` places or more behind a query hidden as well.
 *
 * @param queries places of the queries, a column: […, rows, 1]
 * @param keys places of the keys, a row: […, 1, keys]
 * @returns the mask of a window, made once for all layers that have it
 */
export function windowedMasks(mask: Tensor, queries: Tensor, keys: Tensor): (window: number | null) => Tensor {
  const made = new Map<number | null, Tensor>([[null, mask]]);
  return (window) => {
    const known = made.get(window);
    if (known) return known;
    const tooFar = toF32(greater(sub(queries, keys), scalar((window ?? 0) - 1)));
    const narrowed = add(mask, scale(tooFar, -1e9));
    made.set(window, narrowed);
    return narrowed;
  };
}

export interface PackedInputs {
  /** [tokens, 1] */
  readonly places: Tensor;
  readonly unpack: Tensor;
  readonly pack: Tensor;
  readonly mask: Tensor;
}

/** Attention of a packed batch: rows go out to [groups, width], and back. */
export function packedAttention({ places, unpack, pack, mask }: PackedInputs): Attention {
  const spread = permuteRows(places, unpack, pack);
  const masks = windowedMasks(
    mask,
    reshape(spread, ['groups', 1, 1, 'width', 1]),
    reshape(spread, ['groups', 1, 1, 1, 'width']),
  );
  const out = (x: Tensor, shape: readonly Dim[], perm: readonly number[]): Tensor =>
    transpose(reshape(permuteRows(x, unpack, pack), ['groups', 'width', ...shape]), perm);

  return (shape, q, k, v) => {
    const { heads, kvHeads, headDim } = shape;
    const queries = out(scaleQueries(q, shape), [kvHeads, heads / kvHeads, headDim], [0, 2, 3, 1, 4]);
    const keys = out(k, [kvHeads, headDim], [0, 2, 3, 1]);
    const values = out(v, [kvHeads, headDim], [0, 2, 1, 3]);
    const seen = transpose(weigh(queries, keys, values, masks(shape.window), shape), [0, 3, 1, 2, 4]);
    const rows = reshape(reshape(seen, ['groups', 'width', heads * headDim]), ['slots', heads * headDim]);
    return permuteRows(rows, pack, unpack);
  };
}

/**
 * softmax(q·kᵀ + mask)·v for q [groups, kvHeads, heads a kv head, width, headDim], keys [groups, kvHeads, headDim,
 * width] and values [groups, kvHeads, width, headDim]. Queries that share a key head are rows of one product
 * (`repeat_kv` without the copy).
 */
function weigh(
  q: Tensor,
  keys: Tensor,
  values: Tensor,
  mask: Tensor,
  { heads, kvHeads, headDim, softcap }: AttentionShape,
): Tensor {
  const joined = (x: Tensor, size: Dim): Tensor => reshape(x, ['groups', kvHeads, 'queries', size]);
  const apart = (x: Tensor, size: Dim): Tensor => reshape(x, ['groups', kvHeads, heads / kvHeads, 'width', size]);
  const scores = apart(matmul(joined(q, headDim), keys), 'width');
  return apart(matmul(joined(softmax(add(capped(scores, softcap), mask)), 'width'), values), headDim);
}
