import { silu } from '../../graph/elementwise';
import type { Architecture, Block, Layer } from './architecture';
import { chain, gatedMlp, perHead, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readSizes } from './decoder';
import { LayerBuilder } from './layerBuilder';
import { qwenWindows } from './qwenWindows';
import { readRope, rotation } from './rope';

/** Qwen 3 (`transformers` modeling_qwen3.py): Llama with a norm on each head of q and k before RoPE. */
export const qwen3: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const sizes = readSizes(fields, { maxPositions: 32_768, headDim: 128 });
  const bias = fields.boolean('attention_bias', false);
  const positions = readRope(fields, sizes);
  const rope = rotation(positions, sizes.headDim);
  const build = new LayerBuilder();
  const norm = (name: string): Layer => build.rmsNorm(name, sizes.hidden, sizes.eps);
  const headNorm = (name: string, heads: number): Block =>
    chain(perHead(build.rmsNorm(name, sizes.headDim, sizes.eps), heads, sizes.headDim), rope);
  return decoder(build, fields, stored, {
    sizes,
    ropes: [positions],
    attention: qwenWindows(fields, sizes).map((window, layer) => attentionShape(sizes, layer, { window })),
    block: (prefix, shape) => {
      const query = headNorm(`${prefix}.self_attn.q_norm`, sizes.heads);
      const key = headNorm(`${prefix}.self_attn.k_norm`, sizes.kvHeads);
      return chain(
        residual(
          norm(`${prefix}.input_layernorm`),
          selfAttention(build, sizes, `${prefix}.self_attn`, { shape, bias, query, key }),
        ),
        residual(norm(`${prefix}.post_attention_layernorm`), gatedMlp(build, sizes, `${prefix}.mlp`, silu)),
      );
    },
    norm: () => norm('model.norm'),
    tied: false,
  });
};
