import { silu } from '../../graph/elementwise';
import type { Architecture } from './architecture';
import { chain, gatedMlp, residual, selfAttention, unchanged } from './blocks';
import { attentionShape, decoder, readFrame, windows } from './frame';
import { Parts } from './parts';
import { readRope, rotation } from './rope';

/** SmolLM3 (`transformers` modeling_smollm3.py): Llama without RoPE on every fourth layer. */
export const smollm3: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const frame = readFrame(fields, { maxPositions: 32_768, kvHeads: 4 });
  const [bias, mlpBias] = [fields.boolean('attention_bias', false), fields.boolean('mlp_bias', false)];
  const interval = fields.integer('no_rope_layer_interval', 4);
  // 1: the layer has RoPE, whatever the name says.
  const listed = fields.list('no_rope_layers', frame.layers);
  const turns = (layer: number): boolean => (listed ? listed[layer] === 1 : (layer + 1) % interval !== 0);
  const window = fields.boolean('use_sliding_window', false) ? fields.optionalNumber('sliding_window', null) : null;
  const turn = rotation(readRope(fields, frame, { theta: 2_000_000 }), frame.headDim);
  const parts = new Parts();
  const norm = (name: string): ReturnType<Parts['rmsNorm']> => parts.rmsNorm(name, frame.hidden, frame.eps);
  return decoder(parts, fields, stored, {
    frame,
    attention: windows(fields, frame, window, (layer) => !turns(layer)).map((own, layer) =>
      attentionShape(frame, layer, { window: own }),
    ),
    block: (at, shape) => {
      const place = turns(shape.layer) ? turn : unchanged;
      return chain(
        residual(
          norm(`${at}.input_layernorm`),
          selfAttention(parts, frame, `${at}.self_attn`, { shape, bias, query: place, key: place }),
        ),
        residual(norm(`${at}.post_attention_layernorm`), gatedMlp(parts, frame, `${at}.mlp`, silu, mlpBias)),
      );
    },
    norm: () => norm('model.norm'),
    tied: true,
  });
};
