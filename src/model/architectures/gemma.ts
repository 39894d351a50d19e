import { geluTanh, scale } from '../../graph/elementwise';
import type { Architecture, Layer } from './architecture';
import { chain, gatedMlp, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readSizes } from './decoder';
import { LayerBuilder } from './layerBuilder';
import { readRope, rotation } from './rope';

/**
 * Gemma (`transformers` modeling_gemma.py): norms that store gain − 1, embeddings multiplied by √hidden, GELU in the
 * MLP.
 */
export const gemma: Architecture = (fields, stored) => {
  // The first release says "gelu" but means the tanh approximation. transformers 4 computed that for both names.
  fields.only('hidden_activation', ['gelu_pytorch_tanh'], 'gelu_pytorch_tanh');
  fields.only('hidden_act', ['gelu_pytorch_tanh', 'gelu'], 'gelu_pytorch_tanh');
  const sizes = readSizes(fields, { maxPositions: 8192, headDim: 256 });
  const bias = fields.boolean('attention_bias', false);
  const positions = readRope(fields, sizes);
  const rope = rotation(positions, sizes.headDim);
  const build = new LayerBuilder();
  const norm = (name: string): Layer => build.offsetRmsNorm(name, sizes.hidden, sizes.eps);
  return decoder(build, fields, stored, {
    sizes,
    ropes: [positions],
    attention: Array.from({ length: sizes.layers }, (_, layer) => attentionShape(sizes, layer)),
    embedded: (x) => scale(x, Math.sqrt(sizes.hidden)),
    block: (prefix, shape) =>
      chain(
        residual(
          norm(`${prefix}.input_layernorm`),
          selfAttention(build, sizes, `${prefix}.self_attn`, { shape, bias, query: rope, key: rope }),
        ),
        residual(norm(`${prefix}.post_attention_layernorm`), gatedMlp(build, sizes, `${prefix}.mlp`, geluTanh)),
      ),
    norm: () => norm('model.norm'),
    tied: true,
  });
};
