import { mul, silu } from '../../graph/elementwise';
import { slice } from '../../graph/structure';
import type { Architecture, AttentionShape, Block } from './architecture';
import { attention, chain, residual } from './blocks';
import { attentionShape, decoder, readFrame, type Frame } from './frame';
import { Parts } from './parts';
import { readRope, rotation } from './rope';

/** Phi-3 and Phi-4-mini (`transformers` modeling_phi3.py): q, k and v in one matrix, gate and up in another. */
export const phi3: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['silu'], 'silu');
  const frame = readFrame(fields, { maxPositions: 4096, eps: 1e-5 });
  const window = fields.optionalNumber('sliding_window', null);
  const turn = rotation(readRope(fields, frame), frame.headDim);
  const parts = new Parts();
  const norm = (name: string): ReturnType<Parts['rmsNorm']> => parts.rmsNorm(name, frame.hidden, frame.eps);
  return decoder(parts, fields, stored, {
    frame,
    attention: Array.from({ length: frame.layers }, (_, layer) => attentionShape(frame, layer, { window })),
    block: (at, shape) =>
      chain(
        residual(norm(`${at}.input_layernorm`), fusedAttention(parts, frame, `${at}.self_attn`, shape, turn)),
        residual(norm(`${at}.post_attention_layernorm`), fusedMlp(parts, frame, `${at}.mlp`)),
      ),
    norm: () => norm('model.norm'),
    tied: false,
    loraTargets: ['qkv_proj'],
  });
};

function fusedAttention(
  parts: Parts,
  { hidden, heads, kvHeads, headDim }: Frame,
  at: string,
  shape: AttentionShape,
  turn: Block,
): Block {
  const [wide, narrow] = [heads * headDim, kvHeads * headDim];
  const qkv = parts.linear(`${at}.qkv_proj`, hidden, wide + 2 * narrow);
  return attention(
    shape,
    (x, pass) => {
      const all = qkv(x, pass);
      return [
        turn(slice(all, 1, 0, wide), pass),
        turn(slice(all, 1, wide, wide + narrow), pass),
        slice(all, 1, wide + narrow, wide + 2 * narrow),
      ];
    },
    parts.linear(`${at}.o_proj`, wide, hidden),
  );
}

function fusedMlp(parts: Parts, { hidden, inner }: Frame, at: string): Block {
  const both = parts.linear(`${at}.gate_up_proj`, hidden, 2 * inner);
  const down = parts.linear(`${at}.down_proj`, inner, hidden);
  return (x, pass) => {
    const all = both(x, pass);
    return down(mul(silu(slice(all, 1, 0, inner)), slice(all, 1, inner, 2 * inner)), pass);
  };
}
