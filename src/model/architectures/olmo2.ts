import { silu } from '../../graph/elementwise';
import type { Architecture, Layer } from './architecture';
import { chain, gatedMlp, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readSizes } from './decoder';
import { LayerBuilder } from './layerBuilder';
import { readRope, rotation } from './rope';

/**
 * OLMo 2 (`transformers` modeling_olmo2.py): a norm after each branch, and one over all heads of q and of k together.
 */
export const olmo2: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const sizes = readSizes(fields, { maxPositions: 2048, eps: 1e-5 });
  const bias = fields.boolean('attention_bias', false);
  const positions = readRope(fields, sizes);
  const rope = rotation(positions, sizes.headDim);
  const build = new LayerBuilder();
  const norm = (name: string, size = sizes.hidden): Layer => build.rmsNorm(name, size, sizes.eps);
  return decoder(build, fields, stored, {
    sizes,
    ropes: [positions],
    attention: Array.from({ length: sizes.layers }, (_, layer) => attentionShape(sizes, layer)),
    block: (prefix, shape) => {
      const query = chain(norm(`${prefix}.self_attn.q_norm`, sizes.heads * sizes.headDim), rope);
      const key = chain(norm(`${prefix}.self_attn.k_norm`, sizes.kvHeads * sizes.headDim), rope);
      return chain(
        residual(
          selfAttention(build, sizes, `${prefix}.self_attn`, { shape, bias, query, key }),
          norm(`${prefix}.post_attention_layernorm`),
        ),
        residual(gatedMlp(build, sizes, `${prefix}.mlp`, silu), norm(`${prefix}.post_feedforward_layernorm`)),
      );
    },
    norm: () => norm('model.norm'),
    tied: false,
  });
};
