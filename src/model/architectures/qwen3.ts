import { silu } from '../../graph/elementwise';
import type { Architecture } from './architecture';
import { chain, gatedMlp, perHead, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readFrame } from './frame';
import { Parts } from './parts';
import { qwenWindows } from './qwenWindows';
import { readRope, rotation } from './rope';

/** Qwen 3 (`transformers` modeling_qwen3.py): Llama with a norm on every head of q and k before RoPE. */
export const qwen3: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const frame = readFrame(fields, { maxPositions: 32_768, headDim: 128 });
  const bias = fields.boolean('attention_bias', false);
  const turn = rotation(readRope(fields, frame), frame.headDim);
  const parts = new Parts();
  const norm = (name: string): ReturnType<Parts['rmsNorm']> => parts.rmsNorm(name, frame.hidden, frame.eps);
  const headNorm = (name: string, heads: number): ReturnType<typeof chain> =>
    chain(perHead(parts.rmsNorm(name, frame.headDim, frame.eps), heads, frame.headDim), turn);
  return decoder(parts, fields, stored, {
    frame,
    attention: qwenWindows(fields, frame).map((window, layer) => attentionShape(frame, layer, { window })),
    block: (at, shape) => {
      const query = headNorm(`${at}.self_attn.q_norm`, frame.heads);
      const key = headNorm(`${at}.self_attn.k_norm`, frame.kvHeads);
      return chain(
        residual(
          norm(`${at}.input_layernorm`),
          selfAttention(parts, frame, `${at}.self_attn`, { shape, bias, query, key }),
        ),
        residual(norm(`${at}.post_attention_layernorm`), gatedMlp(parts, frame, `${at}.mlp`, silu)),
      );
    },
    norm: () => norm('model.norm'),
    tied: false,
  });
};
