import { matmul, rotary, softmax, type RotaryTables } from '../graph/algebra';
import { add, scale } from '../graph/elementwise';
import { permuteRows, reshape, transpose } from '../graph/structure';
import type { Dim, Tensor } from '../graph/tensor';
import type { Attention } from '../model/architectures/llama';
import type { ModelConfig } from '../model/types';

/**
 * RoPE on flat rows [tokens, heads·headDim]; positions [tokens, 1]. Each row is a batch entry of its own to the kernel,
 * which refuses sequences longer than its tables though positions restart in every group.
 */
export function turn(x: Tensor, positions: Tensor, tables: RotaryTables): Tensor {
  const [tokens = 1, size = 1] = x.shape;
  return reshape(rotary(reshape(x, [tokens, 1, size]), positions, tables), [tokens, size]);
}

/**
 * softmax(q·kᵀ + mask)·v over [..., kvHeads, heads a kv head, rows, headDim]: grouped queries broadcast against their
 * key head (`repeat_kv` without the copy).
 */
export function weigh(q: Tensor, kT: Tensor, v: Tensor, mask: Tensor): Tensor {
  return matmul(softmax(add(matmul(q, kT), mask)), v);
}

/** q/√headDim: scaling the queries touches fewer numbers than scaling the scores. */
export const scaleQueries = (q: Tensor, headDim: number): Tensor => scale(q, headDim ** -0.5);

export interface PackedInputs {
  readonly positions: Tensor;
  readonly unpack: Tensor;
  readonly pack: Tensor;
  readonly mask: Tensor;
}

/** Attention of a packed batch: rows go out to [groups, width], and back. */
export function packedAttention(config: ModelConfig, inputs: PackedInputs, tables: RotaryTables): Attention {
  const { kvHeads, headDim } = config;
  const perKey = config.heads / kvHeads;
  const out = (x: Tensor, shape: readonly Dim[], perm: readonly number[]): Tensor =>
    transpose(reshape(permuteRows(x, inputs.unpack, inputs.pack), ['groups', 'width', ...shape]), perm);

  return (_layer, q, k, v) => {
    const queries = out(turn(scaleQueries(q, headDim), inputs.positions, tables), [kvHeads, perKey, headDim], [0, 2, 3, 1, 4]);
    const keys = out(turn(k, inputs.positions, tables), [kvHeads, 1, headDim], [0, 2, 3, 4, 1]);
    const values = out(v, [kvHeads, 1, headDim], [0, 2, 3, 1, 4]);
    const heads = transpose(weigh(queries, keys, values, inputs.mask), [0, 3, 1, 2, 4]);
    const rows = reshape(reshape(heads, ['groups', 'width', config.heads * headDim]), ['slots', config.heads * headDim]);
    return permuteRows(rows, inputs.pack, inputs.unpack);
  };
}
