import { silu } from '../../graph/elementwise';
import type { Architecture, Layer } from './architecture';
import { chain, gatedMlp, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readSizes } from './decoder';
import { LayerBuilder } from './layerBuilder';
import { qwenWindows } from './qwenWindows';
import { readRope, rotation } from './rope';

/** Qwen 2 and 2.5 (`transformers` modeling_qwen2.py): Llama with a bias on q, k and v. */
export const qwen2: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const sizes = readSizes(fields, { maxPositions: 32_768 });
  const positions = readRope(fields, sizes);
  const rope = rotation(positions, sizes.headDim);
  const build = new LayerBuilder();
  const norm = (name: string): Layer => build.rmsNorm(name, sizes.hidden, sizes.eps);
  return decoder(build, fields, stored, {
    sizes,
    ropes: [positions],
    attention: qwenWindows(fields, sizes).map((window, layer) => attentionShape(sizes, layer, { window })),
    block: (prefix, shape) =>
      chain(
        residual(
          norm(`${prefix}.input_layernorm`),
          selfAttention(build, sizes, `${prefix}.self_attn`, {
            shape,
            bias: true,
            outBias: false,
            query: rope,
            key: rope,
          }),
        ),
        residual(norm(`${prefix}.post_attention_layernorm`), gatedMlp(build, sizes, `${prefix}.mlp`, silu)),
      ),
    norm: () => norm('model.norm'),
    tied: false,
  });
};
