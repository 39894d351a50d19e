import { silu } from '../../graph/elementwise';
import type { Architecture, Layer } from './architecture';
import { chain, gatedMlp, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readSizes } from './decoder';
import { LayerBuilder } from './layerBuilder';
import { readRope, rotation } from './rope';

/** Llama (`transformers` modeling_llama.py). SmolLM2, TinyLlama and many other models have this `model_type`. */
export const llama: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const sizes = readSizes(fields, { maxPositions: 2048 });
  const bias = fields.boolean('attention_bias', false);
  const mlpBias = fields.boolean('mlp_bias', false);
  const positions = readRope(fields, sizes);
  const rope = rotation(positions, sizes.headDim);
  const build = new LayerBuilder();
  const norm = (name: string): Layer => build.rmsNorm(name, sizes.hidden, sizes.eps);
  return decoder(build, fields, stored, {
    sizes,
    ropes: [positions],
    attention: Array.from({ length: sizes.layers }, (_, layer) => attentionShape(sizes, layer)),
    block: (prefix, shape) =>
      chain(
        residual(
          norm(`${prefix}.input_layernorm`),
          selfAttention(build, sizes, `${prefix}.self_attn`, { shape, bias, query: rope, key: rope }),
        ),
        residual(norm(`${prefix}.post_attention_layernorm`), gatedMlp(build, sizes, `${prefix}.mlp`, silu, mlpBias)),
      ),
    norm: () => norm('model.norm'),
    tied: false,
  });
};
