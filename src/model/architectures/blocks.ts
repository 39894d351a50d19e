import { add, mul } from '../../graph/elementwise';
import { reshape } from '../../graph/structure';
import type { Tensor } from '../../graph/tensor';
import type { AttentionShape, Block, Layer, Pass } from './architecture';
import type { DecoderSizes } from './decoder';
import type { LayerBuilder } from './layerBuilder';

/* What most models are put together from. */

export const chain =
  (...blocks: readonly Block[]): Block =>
  (x, pass) =>
    blocks.reduce((y, block) => block(y, pass), x);

/** x + branch(x), the branch being one block after another. */
export const residual =
  (...branch: readonly Block[]): Block =>
  (x, pass) =>
    add(x, chain(...branch)(x, pass));

/** q, k and v of a layer's input, ready for scores. */
export type Projection = (x: Tensor, pass: Pass) => readonly [q: Tensor, k: Tensor, v: Tensor];

export function attention(shape: AttentionShape, project: Projection, out: Block): Block {
  return (x, pass) => out(pass.attend(shape, ...project(x, pass)), pass);
}

export interface SelfAttention {
  readonly shape: AttentionShape;
  /** Biases of q, k and v, and of the way out. */
  readonly bias?: boolean;
  readonly outBias?: boolean;
  /** What queries and keys go through before scores: norms, RoPE. */
  readonly query: Block;
  readonly key: Block;
}

/** `q_proj`, `k_proj`, `v_proj` and `o_proj` below `at`. */
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

/** down(activation(gate(x)) ⊙ up(x)) (Shazeer 2020, arXiv:2002.05202). */
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

/** A norm on each head by itself; x [tokens, heads·headDim]. */
export function perHead(norm: Layer, heads: number, headDim: number): Block {
  return (x, pass) => {
    const [tokens = 1, width = 1] = x.shape;
    return reshape(norm(reshape(x, [tokens, heads, headDim]), pass), [tokens, width]);
  };
}

export const unchanged: Block = (x) => x;
