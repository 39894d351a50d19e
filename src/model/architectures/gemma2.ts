import { geluTanh, scale } from '../../graph/elementwise';
import type { Architecture, Layer } from './architecture';
import { chain, gatedMlp, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readSizes, windows } from './decoder';
import { LayerBuilder } from './layerBuilder';
import { readRope, rotation } from './rope';

/**
 * Gemma 2 (`transformers` modeling_gemma2.py): a norm before and after each branch, soft caps on scores and logits, a
 * sliding window on every other layer.
 */
export const gemma2: Architecture = (fields, stored) => {
  fields.only('hidden_activation', ['gelu_pytorch_tanh'], 'gelu_pytorch_tanh');
  const sizes = readSizes(fields, { maxPositions: 8192, kvHeads: 4, headDim: 256 });
  const bias = fields.boolean('attention_bias', false);
  const scores = {
    scale: fields.number('query_pre_attn_scalar', 256) ** -0.5,
    softcap: fields.optionalNumber('attn_logit_softcapping', 50),
  };
  const positions = readRope(fields, sizes);
  const rope = rotation(positions, sizes.headDim);
  const build = new LayerBuilder();
  const norm = (name: string): Layer => build.offsetRmsNorm(name, sizes.hidden, sizes.eps);
  return decoder(build, fields, stored, {
    sizes,
    ropes: [positions],
    attention: windows(fields, sizes, fields.optionalNumber('sliding_window', 4096), (layer) => layer % 2 === 0).map(
      (window, layer) => attentionShape(sizes, layer, { window, ...scores }),
    ),
    embedded: (x) => scale(x, Math.sqrt(sizes.hidden)),
    block: (prefix, shape) =>
      chain(
        residual(
          norm(`${prefix}.input_layernorm`),
          selfAttention(build, sizes, `${prefix}.self_attn`, { shape, bias, query: rope, key: rope }),
          norm(`${prefix}.post_attention_layernorm`),
        ),
        residual(
          norm(`${prefix}.pre_feedforward_layernorm`),
          gatedMlp(build, sizes, `${prefix}.mlp`, geluTanh),
          norm(`${prefix}.post_feedforward_layernorm`),
        ),
      ),
    norm: () => norm('model.norm'),
    tied: true,
    logitSoftcap: fields.optionalNumber('final_logit_softcapping', 30),
  });
};
