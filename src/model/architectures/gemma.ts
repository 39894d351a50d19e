import { geluTanh, scale } from '../../graph/elementwise';
import type { Architecture } from './architecture';
import { chain, gatedMlp, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readFrame } from './frame';
import { Parts } from './parts';
import { readRope, rotation } from './rope';

/** Gemma (`transformers` modeling_gemma.py): norms whose gain is stored less 1, embeddings times √D, GELU. */
export const gemma: Architecture = (fields, stored) => {
  // The first release wrote "gelu" and meant tanh's approximation, which transformers 4 computed for both.
  fields.only('hidden_activation', ['gelu_pytorch_tanh'], 'gelu_pytorch_tanh');
  fields.only('hidden_act', ['gelu_pytorch_tanh', 'gelu'], 'gelu_pytorch_tanh');
  const frame = readFrame(fields, { maxPositions: 8192, headDim: 256 });
  const bias = fields.boolean('attention_bias', false);
  const turn = rotation(readRope(fields, frame), frame.headDim);
  const parts = new Parts();
  const norm = (name: string): ReturnType<Parts['rmsNorm']> => parts.offsetRmsNorm(name, frame.hidden, frame.eps);
  return decoder(parts, fields, stored, {
    frame,
    attention: Array.from({ length: frame.layers }, (_, layer) => attentionShape(frame, layer)),
    embedded: (x) => scale(x, Math.sqrt(frame.hidden)),
    block: (at, shape) =>
      chain(
        residual(
          norm(`${at}.input_layernorm`),
          selfAttention(parts, frame, `${at}.self_attn`, { shape, bias, query: turn, key: turn }),
        ),
        residual(norm(`${at}.post_attention_layernorm`), gatedMlp(parts, frame, `${at}.mlp`, geluTanh)),
      ),
    norm: () => norm('model.norm'),
    tied: true,
  });
};
