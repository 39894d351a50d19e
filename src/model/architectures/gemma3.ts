import { geluTanh, scale } from '../../graph/elementwise';
import { Fields } from '../fields';
import type { Architecture, AttentionShape, Block, Layer } from './architecture';
import { chain, gatedMlp, perHead, residual, selfAttention } from './blocks';
import { attentionShape, decoder, readSizes, windows, type DecoderSizes } from './decoder';
import { LayerBuilder } from './layerBuilder';
import { nestedRope, type Rope, ropeOf, rotation, unscaled } from './rope';

/**
 * Gemma 3's text model (`transformers` modeling_gemma3.py): a norm on each head of q and k. Of six layers, five have a
 * sliding window and a RoPE of their own; the sixth sees all tokens.
 */
export const gemma3Text: Architecture = (fields, stored) => {
  fields.only('hidden_activation', ['gelu_pytorch_tanh'], 'gelu_pytorch_tanh');
  fields.only('use_bidirectional_attention', [false], false);
  const sizes = readSizes(fields, { maxPositions: 131_072, kvHeads: 4, headDim: 256 });
  const bias = fields.boolean('attention_bias', false);
  const positions = ropes(fields, sizes);
  const [local, global] = [rotation(positions.local, sizes.headDim), rotation(positions.global, sizes.headDim)];
  const build = new LayerBuilder();
  const norm = (name: string, size = sizes.hidden): Layer => build.offsetRmsNorm(name, size, sizes.eps);
  return decoder(build, fields, stored, {
    sizes,
    ropes: [positions.global, positions.local],
    attention: attentionShapes(fields, sizes),
    embedded: (x) => scale(x, Math.sqrt(sizes.hidden)),
    block: (prefix, shape) => {
      const rope = shape.window === null ? global : local;
      const headNorm = (name: string, heads: number): Block =>
        chain(perHead(norm(`${prefix}.self_attn.${name}`, sizes.headDim), heads, sizes.headDim), rope);
      const [query, key] = [headNorm('q_norm', sizes.heads), headNorm('k_norm', sizes.kvHeads)];
      return chain(
        residual(
          norm(`${prefix}.input_layernorm`),
          selfAttention(build, sizes, `${prefix}.self_attn`, { shape, bias, query, key }),
          norm(`${prefix}.post_attention_layernorm`),
        ),
        residual(
          norm(`${prefix}.pre_feedforward_layernorm`),
          gatedMlp(build, sizes, `${prefix}.mlp`, geluTanh),
          norm(`${prefix}.post_feedforward_layernorm`),
        ),
      );
    },
    norm: () => norm('model.norm'),
    tied: true,
    logitSoftcap: fields.optionalNumber('final_logit_softcapping', null),
  });
};

function attentionShapes(fields: Fields, sizes: DecoderSizes): AttentionShape[] {
  const pattern = fields.integer('sliding_window_pattern', 6);
  const scores = {
    scale: fields.number('query_pre_attn_scalar', 256) ** -0.5,
    softcap: fields.optionalNumber('attn_logit_softcapping', null),
  };
  return windows(
    fields,
    sizes,
    fields.optionalNumber('sliding_window', 4096),
    (layer) => (layer + 1) % pattern !== 0,
  ).map((window, layer) => attentionShape(sizes, layer, { window, ...scores }));
}

/**
 * transformers 5 nests both RoPEs in `rope_parameters`; in transformers 4, `rope_scaling` applies only to the global
 * one.
 */
function ropes(fields: Fields, sizes: DecoderSizes): { readonly local: Rope; readonly global: Rope } {
  const of = (kind: string, flat: Readonly<Record<string, unknown>>, theta: number): Rope => {
    const parameters = nestedRope(fields, kind) ?? flat;
    const own = new Fields(fields.file, parameters).number('rope_theta', theta);
    return ropeOf(fields, sizes, parameters, own, sizes.headDim);
  };
  return {
    local: of('sliding_attention', unscaled, fields.number('rope_local_base_freq', 10_000)),
    global: of('full_attention', fields.record('rope_scaling') ?? unscaled, fields.number('rope_theta', 1_000_000)),
  };
}
