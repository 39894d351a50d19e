import { silu } from '../../graph/elementwise';
import type { Architecture } from './architecture';
import { chain, gatedMlp, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readFrame } from './frame';
import { Parts } from './parts';
import { qwenWindows } from './qwenWindows';
import { readRope, rotation } from './rope';

/** Qwen 2 and 2.5 (`transformers` modeling_qwen2.py): Llama with biases on q, k and v. */
export const qwen2: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const frame = readFrame(fields, { maxPositions: 32_768 });
  const turn = rotation(readRope(fields, frame), frame.headDim);
  const parts = new Parts();
  const norm = (name: string): ReturnType<Parts['rmsNorm']> => parts.rmsNorm(name, frame.hidden, frame.eps);
  return decoder(parts, fields, stored, {
    frame,
    attention: qwenWindows(fields, frame).map((window, layer) => attentionShape(frame, layer, { window })),
    block: (at, shape) =>
      chain(
        residual(
          norm(`${at}.input_layernorm`),
          selfAttention(parts, frame, `${at}.self_attn`, { shape, bias: true, outBias: false, query: turn, key: turn }),
        ),
        residual(norm(`${at}.post_attention_layernorm`), gatedMlp(parts, frame, `${at}.mlp`, silu)),
      ),
    norm: () => norm('model.norm'),
    tied: false,
  });
};
