import { silu } from '../../graph/elementwise';
import type { Architecture, Layer } from './architecture';
import { chain, gatedMlp, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readSizes } from './decoder';
import { LayerBuilder } from './layerBuilder';
import { readRope, rotation } from './rope';

/** Mistral (`transformers` modeling_mistral.py): Llama with the same sliding window on all layers. */
export const mistral: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const sizes = readSizes(fields, { maxPositions: 4096 * 32, kvHeads: 8 });
  const window = fields.optionalNumber('sliding_window', 4096);
  const positions = readRope(fields, sizes);
  const rope = rotation(positions, sizes.headDim);
  const build = new LayerBuilder();
  const norm = (name: string): Layer => build.rmsNorm(name, sizes.hidden, sizes.eps);
  return decoder(build, fields, stored, {
    sizes,
    ropes: [positions],
    attention: Array.from({ length: sizes.layers }, (_, layer) => attentionShape(sizes, layer, { window })),
    block: (prefix, shape) =>
      chain(
        residual(
          norm(`${prefix}.input_layernorm`),
          selfAttention(build, sizes, `${prefix}.self_attn`, { shape, query: rope, key: rope }),
        ),
        residual(norm(`${prefix}.post_attention_layernorm`), gatedMlp(build, sizes, `${prefix}.mlp`, silu)),
      ),
    norm: () => norm('model.norm'),
    tied: false,
  });
};
