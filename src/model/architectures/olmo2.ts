import { silu } from '../../graph/elementwise';
import type { Architecture } from './architecture';
import { chain, gatedMlp, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readFrame } from './frame';
import { Parts } from './parts';
import { readRope, rotation } from './rope';

/** OLMo 2 (`transformers` modeling_olmo2.py): norms after each branch, and on the whole of q and k. */
export const olmo2: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const frame = readFrame(fields, { maxPositions: 2048, eps: 1e-5 });
  const bias = fields.boolean('attention_bias', false);
  const turn = rotation(readRope(fields, frame), frame.headDim);
  const parts = new Parts();
  const norm = (name: string, size = frame.hidden): ReturnType<Parts['rmsNorm']> =>
    parts.rmsNorm(name, size, frame.eps);
  return decoder(parts, fields, stored, {
    frame,
    attention: Array.from({ length: frame.layers }, (_, layer) => attentionShape(frame, layer)),
    block: (at, shape) => {
      const query = chain(norm(`${at}.self_attn.q_norm`, frame.heads * frame.headDim), turn);
      const key = chain(norm(`${at}.self_attn.k_norm`, frame.kvHeads * frame.headDim), turn);
      return chain(
        residual(
          selfAttention(parts, frame, `${at}.self_attn`, { shape, bias, query, key }),
          norm(`${at}.post_attention_layernorm`),
        ),
        residual(gatedMlp(parts, frame, `${at}.mlp`, silu), norm(`${at}.post_feedforward_layernorm`)),
      );
    },
    norm: () => norm('model.norm'),
    tied: false,
  });
};
