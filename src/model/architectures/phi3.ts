import { mul, silu } from '../../graph/elementwise';
import { slice } from '../../graph/structure';
import type { Architecture, AttentionShape, Block, Layer } from './architecture';
import { attention, chain, residual } from './blocks';
import { attentionShape, decoder, readSizes, type DecoderSizes } from './decoder';
import { LayerBuilder } from './layerBuilder';
import { readRope, rotation } from './rope';

/** Phi-3 and Phi-4-mini (`transformers` modeling_phi3.py): one matrix for q, k and v, another for gate and up. */
export const phi3: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const sizes = readSizes(fields, { maxPositions: 4096, eps: 1e-5 });
  const window = fields.optionalNumber('sliding_window', null);
  const positions = readRope(fields, sizes);
  const rope = rotation(positions, sizes.headDim);
  const build = new LayerBuilder();
  const norm = (name: string): Layer => build.rmsNorm(name, sizes.hidden, sizes.eps);
  return decoder(build, fields, stored, {
    sizes,
    ropes: [positions],
    attention: Array.from({ length: sizes.layers }, (_, layer) => attentionShape(sizes, layer, { window })),
    block: (prefix, shape) =>
      chain(
        residual(norm(`${prefix}.input_layernorm`), fusedAttention(build, sizes, `${prefix}.self_attn`, shape, rope)),
        residual(norm(`${prefix}.post_attention_layernorm`), fusedMlp(build, sizes, `${prefix}.mlp`)),
      ),
    norm: () => norm('model.norm'),
    tied: false,
    loraTargets: ['qkv_proj'],
  });
};

/** Attention with q, k and v in one matrix, `qkv_proj`: all of q, then all of k, then all of v. */
function fusedAttention(
  build: LayerBuilder,
  { hidden, heads, kvHeads, headDim }: DecoderSizes,
  prefix: string,
  shape: AttentionShape,
  rope: Block,
): Block {
  const [wide, narrow] = [heads * headDim, kvHeads * headDim];
  const qkv = build.linear(`${prefix}.qkv_proj`, hidden, wide + 2 * narrow);
  return attention(
    shape,
    (x, pass) => {
      const all = qkv(x, pass);
      return [
        rope(slice(all, 1, 0, wide), pass),
        rope(slice(all, 1, wide, wide + narrow), pass),
        slice(all, 1, wide + narrow, wide + 2 * narrow),
      ];
    },
    build.linear(`${prefix}.o_proj`, wide, hidden),
  );
}

/** A gated MLP with gate and up in one matrix, `gate_up_proj`: [tokens, 2·intermediate]. */
function fusedMlp(build: LayerBuilder, { hidden, intermediate }: DecoderSizes, prefix: string): Block {
  const both = build.linear(`${prefix}.gate_up_proj`, hidden, 2 * intermediate);
  const down = build.linear(`${prefix}.down_proj`, intermediate, hidden);
  return (x, pass) => {
    const all = both(x, pass);
    return down(mul(silu(slice(all, 1, 0, intermediate)), slice(all, 1, intermediate, 2 * intermediate)), pass);
  };
}
