import { geluTanh, scale } from '../../graph/elementwise';
import { Fields } from '../fields';
import type { Architecture, Block } from './architecture';
import { chain, gatedMlp, perHead, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readFrame, windows, type Frame } from './frame';
import { Parts } from './parts';
import { nestedRope, ropeOf, rotation } from './rope';

/**
 * Gemma 3's text model (`transformers` modeling_gemma3.py): norms on the heads of q and k, five layers with a window
 * and a rope of their own to one without.
 */
export const gemma3Text: Architecture = (fields, stored) => {
  fields.only('hidden_activation', ['gelu_pytorch_tanh'], 'gelu_pytorch_tanh');
  fields.only('use_bidirectional_attention', [false], false);
  const frame = readFrame(fields, { maxPositions: 131_072, kvHeads: 4, headDim: 256 });
  const pattern = fields.integer('sliding_window_pattern', 6);
  const bias = fields.boolean('attention_bias', false);
  const scores = {
    scale: fields.number('query_pre_attn_scalar', 256) ** -0.5,
    softcap: fields.optionalNumber('attn_logit_softcapping', null),
  };
  const [local, global] = ropes(fields, frame);
  const parts = new Parts();
  const norm = (name: string, size = frame.hidden): ReturnType<Parts['rmsNorm']> =>
    parts.offsetRmsNorm(name, size, frame.eps);
  return decoder(parts, fields, stored, {
    frame,
    attention: windows(
      fields,
      frame,
      fields.optionalNumber('sliding_window', 4096),
      (layer) => (layer + 1) % pattern !== 0,
    ).map((window, layer) => attentionShape(frame, layer, { window, ...scores })),
    embedded: (x) => scale(x, Math.sqrt(frame.hidden)),
    block: (at, shape) => {
      const turn = shape.window === null ? global : local;
      const headNorm = (name: string, heads: number): Block =>
        chain(perHead(norm(`${at}.self_attn.${name}`, frame.headDim), heads, frame.headDim), turn);
      const [query, key] = [headNorm('q_norm', frame.heads), headNorm('k_norm', frame.kvHeads)];
      return chain(
        residual(
          norm(`${at}.input_layernorm`),
          selfAttention(parts, frame, `${at}.self_attn`, { shape, bias, query, key }),
          norm(`${at}.post_attention_layernorm`),
        ),
        residual(
          norm(`${at}.pre_feedforward_layernorm`),
          gatedMlp(parts, frame, `${at}.mlp`, geluTanh),
          norm(`${at}.post_feedforward_layernorm`),
        ),
      );
    },
    norm: () => norm('model.norm'),
    tied: true,
    logitSoftcap: fields.optionalNumber('final_logit_softcapping', null),
  });
};

/** transformers 5 nests both ropes in `rope_parameters`; transformers 4 scaled the global one only. */
function ropes(fields: Fields, frame: Frame): [local: Block, global: Block] {
  const of = (kind: string, flat: Readonly<Record<string, unknown>>, theta: number): Block => {
    const parameters = nestedRope(fields, kind) ?? flat;
    return rotation(
      ropeOf(fields, frame, parameters, new Fields(fields.file, parameters).number('rope_theta', theta), frame.headDim),
      frame.headDim,
    );
  };
  return [
    of('sliding_attention', {}, fields.number('rope_local_base_freq', 10_000)),
    of('full_attention', fields.record('rope_scaling') ?? {}, fields.number('rope_theta', 1_000_000)),
  ];
}
