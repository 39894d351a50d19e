import { add, geluTanh } from '../../graph/elementwise';
import { slice } from '../../graph/structure';
import type { Architecture, AttentionShape, Block } from './architecture';
import { attention, chain, residual } from './blocks';
import { attentionShape, checkSizes, headOf, modelSizes, type DecoderSizes } from './decoder';
import { LayerBuilder } from './layerBuilder';
import type { Fields } from '../fields';

/**
 * GPT-2 (`transformers` modeling_gpt2.py): learned positions, LayerNorm, linear layers stored as [in, out] (Conv1D).
 */
export const gpt2: Architecture = (fields, stored) => {
  fields.only('activation_function', ['gelu_new', 'gelu_pytorch_tanh'], 'gelu_new');
  fields.only('scale_attn_weights', [true], true);
  fields.only('scale_attn_by_inverse_layer_idx', [false], false);
  fields.only('add_cross_attention', [false], false);
  const sizes = gpt2Sizes(fields);
  const { hidden, eps } = sizes;
  const build = new LayerBuilder();
  const words = build.embedding('transformer.wte', sizes.vocab, hidden);
  const positions = build.embedding('transformer.wpe', sizes.maxPositions, hidden);
  const shapes = Array.from({ length: sizes.layers }, (_, layer) => attentionShape(sizes, layer));
  const layers = chain(...shapes.map((shape) => layerOf(build, sizes, shape)));
  const norm = build.layerNorm('transformer.ln_f', hidden, eps);
  return {
    ...modelSizes(fields, sizes),
    ropes: [],
    attention: shapes,
    tensors: build.tensors,
    linears: build.linears,
    loraTargets: ['c_attn'],
    body: (pass) => layers(add(words(pass.ids, pass), positions(pass.positions, pass)), pass),
    norm,
    head: headOf(build, fields, stored, sizes, {
      tied: true,
      head: 'lm_head.weight',
      embedding: 'transformer.wte.weight',
    }),
    logitSoftcap: null,
  };
};

function layerOf(build: LayerBuilder, sizes: DecoderSizes, shape: AttentionShape): Block {
  const { hidden, intermediate, eps } = sizes;
  const prefix = `transformer.h.${shape.layer}`;
  return chain(
    residual(build.layerNorm(`${prefix}.ln_1`, hidden, eps), fusedAttention(build, sizes, `${prefix}.attn`, shape)),
    residual(
      build.layerNorm(`${prefix}.ln_2`, hidden, eps),
      build.linear(`${prefix}.mlp.c_fc`, hidden, intermediate, true, true),
      geluTanh,
      build.linear(`${prefix}.mlp.c_proj`, intermediate, hidden, true, true),
    ),
  );
}

function gpt2Sizes(fields: Fields): DecoderSizes {
  const [hidden, heads] = [fields.integer('n_embd'), fields.integer('n_head')];
  return checkSizes(fields, {
    hidden,
    intermediate: fields.integer('n_inner', 4 * hidden),
    layers: fields.layers('n_layer'),
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    vocab: fields.integer('vocab_size'),
    maxPositions: fields.integer('n_positions', 1024),
    eps: fields.number('layer_norm_epsilon', 1e-5),
  });
}

/** Attention with q, k and v in one matrix, `c_attn`: [tokens, 3·hidden], all of q, then all of k, then all of v. */
function fusedAttention(build: LayerBuilder, { hidden }: DecoderSizes, prefix: string, shape: AttentionShape): Block {
  const qkv = build.linear(`${prefix}.c_attn`, hidden, 3 * hidden, true, true);
  return attention(
    shape,
    (x, pass) => {
      const all = qkv(x, pass);
      return [slice(all, 1, 0, hidden), slice(all, 1, hidden, 2 * hidden), slice(all, 1, 2 * hidden, 3 * hidden)];
    },
    build.linear(`${prefix}.c_proj`, hidden, hidden, true, true),
  );
}
