import { at } from '../../base/pure/must';
import { add, mul } from '../../graph/elementwise';
import { reshape } from '../../graph/structure';
import type { Tensor } from '../../graph/tensor';
import type { AttentionShape, Block, Layer, Pass } from './architecture';
import type { DecoderSizes } from './decoder';
import type { LayerBuilder } from './layerBuilder';

/* The blocks that most models share. */

/** One block after another. */
export const chain =
  (...blocks: readonly Block[]): Block =>
  (x, pass) =>
    blocks.reduce((y, block) => block(y, pass), x);

/** x + branch(x), where the branch is a chain of blocks. */
export const residual =
  (...branch: readonly Block[]): Block =>
  (x, pass) =>
    add(x, chain(...branch)(x, pass));

/** Computes q, k and v from a layer's input; q and k come with norms and RoPE applied. */
export type Projection = (x: Tensor, pass: Pass) => readonly [q: Tensor, k: Tensor, v: Tensor];

/** Projection, attention, output projection: [tokens, hidden] → [tokens, hidden]. */
export function attention(shape: AttentionShape, project: Projection, out: Block): Block {
  return (x, pass) => out(pass.attend(shape, ...project(x, pass)), pass);
}

export interface SelfAttention {
  readonly shape: AttentionShape;
  /** Whether `q_proj`, `k_proj` and `v_proj` have a bias; default false. */
  readonly bias?: boolean;
  /** Whether `o_proj` has a bias; default: as `bias`. */
  readonly outBias?: boolean;
  /** Norms and RoPE of the queries, before the scores. */
  readonly query: Block;
  /** Norms and RoPE of the keys, before the scores. */
  readonly key: Block;
}

/**
 * Attention with four matrices: `q_proj`, `k_proj`, `v_proj` and `o_proj`.
 *
 * @param prefix the module path above them: `model.layers.0.self_attn`
 */
export function selfAttention(
  build: LayerBuilder,
  sizes: DecoderSizes,
  prefix: string,
  { shape, bias = false, outBias = bias, query, key }: SelfAttention,
): Block {
  const [wide, narrow] = [shape.heads * shape.headDim, shape.kvHeads * shape.headDim];
  const q = chain(build.linear(`${prefix}.q_proj`, sizes.hidden, wide, bias), query);
  const k = chain(build.linear(`${prefix}.k_proj`, sizes.hidden, narrow, bias), key);
  const v = build.linear(`${prefix}.v_proj`, sizes.hidden, narrow, bias);
  const out = build.linear(`${prefix}.o_proj`, wide, sizes.hidden, outBias);
  return attention(shape, (x, pass) => [q(x, pass), k(x, pass), v(x, pass)], out);
}

/** A gated MLP: down(activation(gate(x)) ⊙ up(x)) (Shazeer 2020, arXiv:2002.05202). */
export function gatedMlp(
  build: LayerBuilder,
  { hidden, intermediate }: DecoderSizes,
  prefix: string,
  activation: (x: Tensor) => Tensor,
  bias = false,
): Block {
  const gate = build.linear(`${prefix}.gate_proj`, hidden, intermediate, bias);
  const up = build.linear(`${prefix}.up_proj`, hidden, intermediate, bias);
  const down = build.linear(`${prefix}.down_proj`, intermediate, hidden, bias);
  return (x, pass) => down(mul(activation(gate(x, pass)), up(x, pass)), pass);
}

/** Applies a norm to each head by itself: [tokens, heads·headDim] in and out. */
export function perHead(norm: Layer, heads: number, headDim: number): Block {
  return (x, pass) => {
    const [tokens, width] = [at(x.shape, 0), at(x.shape, 1)];
    return reshape(norm(reshape(x, [tokens, heads, headDim]), pass), [tokens, width]);
  };
}

/** The identity: x itself. */
export const unchanged: Block = (x) => x;
