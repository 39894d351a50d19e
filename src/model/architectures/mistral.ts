import { silu } from '../../graph/elementwise';
import type { Architecture } from './architecture';
import { chain, gatedMlp, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readFrame } from './frame';
import { Parts } from './parts';
import { readRope, rotation } from './rope';

/** Mistral (`transformers` modeling_mistral.py): Llama with one sliding window for all layers. */
export const mistral: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const frame = readFrame(fields, { maxPositions: 4096 * 32, kvHeads: 8 });
  const window = fields.optionalNumber('sliding_window', 4096);
  const turn = rotation(readRope(fields, frame), frame.headDim);
  const parts = new Parts();
  const norm = (name: string): ReturnType<Parts['rmsNorm']> => parts.rmsNorm(name, frame.hidden, frame.eps);
  return decoder(parts, fields, stored, {
    frame,
    attention: Array.from({ length: frame.layers }, (_, layer) => attentionShape(frame, layer, { window })),
    block: (at, shape) =>
      chain(
        residual(
          norm(`${at}.input_layernorm`),
          selfAttention(parts, frame, `${at}.self_attn`, { shape, query: turn, key: turn }),
        ),
        residual(norm(`${at}.post_attention_layernorm`), gatedMlp(parts, frame, `${at}.mlp`, silu)),
      ),
    norm: () => norm('model.norm'),
    tied: false,
  });
};
