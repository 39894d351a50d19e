import { add, geluTanh } from '../../graph/elementwise';
import { slice } from '../../graph/structure';
import type { Architecture, AttentionShape, Block } from './architecture';
import { attention, chain, residual } from './blocks';
import { attentionShape, checkedFrame, headOf, sizes, type Frame } from './frame';
import { Parts } from './parts';
import type { Fields } from '../fields';

/** GPT-2 (`transformers` modeling_gpt2.py): learned positions, LayerNorm, linear layers stored transposed (Conv1D). */
export const gpt2: Architecture = (fields, stored) => {
  fields.only('activation_function', ['gelu_new', 'gelu_pytorch_tanh'], 'gelu_new');
  fields.only('scale_attn_weights', [true], true);
  fields.only('scale_attn_by_inverse_layer_idx', [false], false);
  fields.only('add_cross_attention', [false], false);
  const frame = gpt2Frame(fields);
  const { hidden, inner, eps } = frame;
  const parts = new Parts();
  const words = parts.embedding('transformer.wte', frame.vocab, hidden);
  const places = parts.embedding('transformer.wpe', frame.maxPositions, hidden);
  const shapes = Array.from({ length: frame.layers }, (_, layer) => attentionShape(frame, layer));
  const layers = chain(
    ...shapes.map((shape) => {
      const at = `transformer.h.${shape.layer}`;
      return chain(
        residual(parts.layerNorm(`${at}.ln_1`, hidden, eps), fusedAttention(parts, frame, `${at}.attn`, shape)),
        residual(
          parts.layerNorm(`${at}.ln_2`, hidden, eps),
          parts.linear(`${at}.mlp.c_fc`, hidden, inner, true, true),
          geluTanh,
          parts.linear(`${at}.mlp.c_proj`, inner, hidden, true, true),
        ),
      );
    }),
  );
  const norm = parts.layerNorm('transformer.ln_f', hidden, eps);
  return {
    ...sizes(fields, frame),
    attention: shapes,
    tensors: parts.tensors,
    linears: parts.linears,
    loraTargets: ['c_attn'],
    body: (pass) => layers(add(words(pass.ids, pass), places(pass.positions, pass)), pass),
    norm,
    head: headOf(parts, fields, stored, frame, {
      tied: true,
      head: 'lm_head.weight',
      embedding: 'transformer.wte.weight',
    }),
    logitSoftcap: null,
  };
};

function gpt2Frame(fields: Fields): Frame {
  const [hidden, heads] = [fields.integer('n_embd'), fields.integer('n_head')];
  return checkedFrame(fields, {
    hidden,
    inner: fields.integer('n_inner', 4 * hidden),
    layers: fields.layers('n_layer'),
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    vocab: fields.integer('vocab_size'),
    maxPositions: fields.integer('n_positions', 1024),
    eps: fields.number('layer_norm_epsilon', 1e-5),
  });
}

function fusedAttention(parts: Parts, { hidden }: Frame, at: string, shape: AttentionShape): Block {
  const qkv = parts.linear(`${at}.c_attn`, hidden, 3 * hidden, true, true);
  return attention(
    shape,
    (x, pass) => {
      const all = qkv(x, pass);
      return [slice(all, 1, 0, hidden), slice(all, 1, hidden, 2 * hidden), slice(all, 1, 2 * hidden, 3 * hidden)];
    },
    parts.linear(`${at}.c_proj`, hidden, hidden, true, true),
  );
}
