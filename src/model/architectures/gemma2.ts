import { geluTanh, scale } from '../../graph/elementwise';
import type { Architecture } from './architecture';
import { chain, gatedMlp, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readFrame, windows } from './frame';
import { Parts } from './parts';
import { readRope, rotation } from './rope';

/**
 * Gemma 2 (`transformers` modeling_gemma2.py): norms around each branch, caps on scores and logits, a window on every
 * other layer.
 */
export const gemma2: Architecture = (fields, stored) => {
  fields.only('hidden_activation', ['gelu_pytorch_tanh'], 'gelu_pytorch_tanh');
  const frame = readFrame(fields, { maxPositions: 8192, kvHeads: 4, headDim: 256 });
  const bias = fields.boolean('attention_bias', false);
  const scores = {
    scale: fields.number('query_pre_attn_scalar', 256) ** -0.5,
    softcap: fields.optionalNumber('attn_logit_softcapping', 50),
  };
  const turn = rotation(readRope(fields, frame), frame.headDim);
  const parts = new Parts();
  const norm = (name: string): ReturnType<Parts['rmsNorm']> => parts.offsetRmsNorm(name, frame.hidden, frame.eps);
  return decoder(parts, fields, stored, {
    frame,
    attention: windows(fields, frame, fields.optionalNumber('sliding_window', 4096), (layer) => layer % 2 === 0).map(
      (window, layer) => attentionShape(frame, layer, { window, ...scores }),
    ),
    embedded: (x) => scale(x, Math.sqrt(frame.hidden)),
    block: (at, shape) =>
      chain(
        residual(
          norm(`${at}.input_layernorm`),
          selfAttention(parts, frame, `${at}.self_attn`, { shape, bias, query: turn, key: turn }),
          norm(`${at}.post_attention_layernorm`),
        ),
        residual(
          norm(`${at}.pre_feedforward_layernorm`),
          gatedMlp(parts, frame, `${at}.mlp`, geluTanh),
          norm(`${at}.post_feedforward_layernorm`),
        ),
      ),
    norm: () => norm('model.norm'),
    tied: true,
    logitSoftcap: fields.optionalNumber('final_logit_softcapping', 30),
  });
};
