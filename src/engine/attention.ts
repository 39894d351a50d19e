import { matmul, softmax } from '../graph/algebra';
import { add, greater, scale, sub, tanh, toF32 } from '../graph/elementwise';
import { permuteRows, reshape, transpose } from '../graph/structure';
import { scalar, type Dim, type Tensor } from '../graph/tensor';
import type { Attention, AttentionShape } from '../model/architectures/architecture';

/**
 * softmax(q·kᵀ + mask)·v over [..., kvHeads, heads a kv head, rows, headDim]: grouped queries broadcast against their
 * key head (`repeat_kv` without the copy).
 */
export function weigh(q: Tensor, kT: Tensor, v: Tensor, mask: Tensor, softcap: number | null): Tensor {
  return matmul(softmax(add(capped(matmul(q, kT), softcap), mask)), v);
}

/** Scores as cap·tanh(score / cap), where there is a cap. */
export const capped = (scores: Tensor, softcap: number | null): Tensor => (softcap === null ? scores : scale(tanh(scale(scores, 1 / softcap)), softcap));

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
  const masks = windowedMasks(mask, reshape(spread, ['groups', 1, 1, 'width', 1]), reshape(spread, ['groups', 1, 1, 1, 'width']));
  const out = (x: Tensor, shape: readonly Dim[], perm: readonly number[]): Tensor => transpose(reshape(permuteRows(x, unpack, pack), ['groups', 'width', ...shape]), perm);

  return (shape, q, k, v) => {
    const { heads, kvHeads, headDim } = shape;
    const queries = out(scaleQueries(q, shape), [kvHeads, heads / kvHeads, headDim], [0, 2, 3, 1, 4]);
    const keys = out(k, [kvHeads, 1, headDim], [0, 2, 3, 4, 1]);
    const values = out(v, [kvHeads, 1, headDim], [0, 2, 3, 1, 4]);
    const seen = transpose(weigh(queries, keys, values, masks(shape.window), shape.softcap), [0, 3, 1, 2, 4]);
    const rows = reshape(reshape(seen, ['groups', 'width', heads * headDim]), ['slots', heads * headDim]);
    return permuteRows(rows, pack, unpack);
  };
}
