import { silu } from '../../graph/elementwise';
import type { Architecture } from './architecture';
import { chain, gatedMlp, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readFrame } from './frame';
import { Parts } from './parts';
import { readRope, rotation } from './rope';

/** Llama (`transformers` modeling_llama.py): also SmolLM2, TinyLlama and many more. */
export const llama: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const frame = readFrame(fields, { maxPositions: 2048 });
  const bias = fields.boolean('attention_bias', false);
  const mlpBias = fields.boolean('mlp_bias', false);
  const turn = rotation(readRope(fields, frame), frame.headDim);
  const parts = new Parts();
  const norm = (name: string): ReturnType<Parts['rmsNorm']> => parts.rmsNorm(name, frame.hidden, frame.eps);
  return decoder(parts, fields, stored, {
    frame,
    attention: Array.from({ length: frame.layers }, (_, layer) => attentionShape(frame, layer)),
    block: (at, shape) =>
      chain(
        residual(
          norm(`${at}.input_layernorm`),
          selfAttention(parts, frame, `${at}.self_attn`, { shape, bias, query: turn, key: turn }),
        ),
        residual(norm(`${at}.post_attention_layernorm`), gatedMlp(parts, frame, `${at}.mlp`, silu, mlpBias)),
      ),
    norm: () => norm('model.norm'),
    tied: false,
  });
};
