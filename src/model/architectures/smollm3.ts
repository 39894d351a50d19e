import { silu } from '../../graph/elementwise';
import type { Architecture, Layer } from './architecture';
import { chain, gatedMlp, residual, selfAttention, unchanged } from './blocks';
import { attentionShape, decoder, readSizes, windows } from './decoder';
import { LayerBuilder } from './layerBuilder';
import { readRope, rotation } from './rope';

/** SmolLM3 (`transformers` modeling_smollm3.py): Llama without RoPE on every fourth layer. */
export const smollm3: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const sizes = readSizes(fields, { maxPositions: 32_768, kvHeads: 4 });
  const [bias, mlpBias] = [fields.boolean('attention_bias', false), fields.boolean('mlp_bias', false)];
  const interval = fields.integer('no_rope_layer_interval', 4);
  // An entry of 1 means that the layer has RoPE, despite the name of the key.
  const listed = fields.list('no_rope_layers', sizes.layers);
  const hasRope = (layer: number): boolean => (listed ? listed[layer] === 1 : (layer + 1) % interval !== 0);
  const window = fields.boolean('use_sliding_window', false) ? fields.optionalNumber('sliding_window', null) : null;
  const positions = readRope(fields, sizes, { theta: 2_000_000 });
  const rope = rotation(positions, sizes.headDim);
  const build = new LayerBuilder();
  const norm = (name: string): Layer => build.rmsNorm(name, sizes.hidden, sizes.eps);
  return decoder(build, fields, stored, {
    sizes,
    ropes: [positions],
    attention: windows(fields, sizes, window, (layer) => !hasRope(layer)).map((own, layer) =>
      attentionShape(sizes, layer, { window: own }),
    ),
    block: (prefix, shape) => {
      const position = hasRope(shape.layer) ? rope : unchanged;
      return chain(
        residual(
          norm(`${prefix}.input_layernorm`),
          selfAttention(build, sizes, `${prefix}.self_attn`, { shape, bias, query: position, key: position }),
        ),
        residual(norm(`${prefix}.post_attention_layernorm`), gatedMlp(build, sizes, `${prefix}.mlp`, silu, mlpBias)),
      );
    },
    norm: () => norm('model.norm'),
    tied: true,
  });
};
