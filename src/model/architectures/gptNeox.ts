import { at } from '../../base/pure/must';
import { add, gelu, geluTanh } from '../../graph/elementwise';
import { reshape, slice } from '../../graph/structure';
import type { Tensor } from '../../graph/tensor';
import type { Fields } from '../fields';
import type { Architecture, AttentionShape, Block } from './architecture';
import { attention, chain, residual } from './blocks';
import { attentionShape, checkSizes, headOf, modelSizes, type DecoderSizes } from './decoder';
import { LayerBuilder } from './layerBuilder';
import { readRope, rotation } from './rope';

/**
 * GPT-NeoX and Pythia (`transformers` modeling_gpt_neox.py): attention and MLP read the same input, and RoPE rotates a
 * quarter of each head's dimensions.
 */
export const gptNeox: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['gelu', 'gelu_new', 'gelu_fast', 'gelu_pytorch_tanh'], 'gelu');
  const sizes = neoxSizes(fields);
  const { hidden, eps } = sizes;
  const positions = readRope(fields, sizes, {
    thetaName: 'rotary_emb_base',
    partialName: 'rotary_pct',
    partial: 0.25,
  });
  const rope = rotation(positions, sizes.headDim);
  const build = new LayerBuilder();
  const words = build.embedding('gpt_neox.embed_in', sizes.vocab, hidden);
  const shapes = Array.from({ length: sizes.layers }, (_, layer) => attentionShape(sizes, layer));
  const layers = chain(...shapes.map((shape) => layerOf(build, fields, sizes, shape, rope)));
  const norm = build.layerNorm('gpt_neox.final_layer_norm', hidden, eps);
  // transformers 4 names the head embed_out.
  const head = stored.has('embed_out.weight') ? 'embed_out.weight' : 'lm_head.weight';
  return {
    ...modelSizes(fields, sizes),
    ropes: [positions],
    attention: shapes,
    tensors: build.tensors,
    linears: build.linears,
    loraTargets: ['query_key_value'],
    body: (pass) => layers(words(pass.ids, pass), pass),
    norm,
    head: headOf(build, fields, stored, sizes, { tied: false, head, embedding: 'gpt_neox.embed_in.weight' }),
    logitSoftcap: null,
  };
};

function layerOf(build: LayerBuilder, fields: Fields, sizes: DecoderSizes, shape: AttentionShape, rope: Block): Block {
  const { hidden, intermediate, eps } = sizes;
  const prefix = `gpt_neox.layers.${shape.layer}`;
  const activation = (fields.json.hidden_act ?? 'gelu') === 'gelu' ? gelu : geluTanh;
  const attend = chain(
    build.layerNorm(`${prefix}.input_layernorm`, hidden, eps),
    fusedAttention(build, fields, sizes, `${prefix}.attention`, shape, rope),
  );
  const mlp = chain(
    build.layerNorm(`${prefix}.post_attention_layernorm`, hidden, eps),
    build.linear(`${prefix}.mlp.dense_h_to_4h`, hidden, intermediate, true),
    activation,
    build.linear(`${prefix}.mlp.dense_4h_to_h`, intermediate, hidden, true),
  );
  const both: Block = (x, pass) => add(add(x, attend(x, pass)), mlp(x, pass));
  return fields.boolean('use_parallel_residual', true) ? both : chain(residual(attend), residual(mlp));
}

function neoxSizes(fields: Fields): DecoderSizes {
  const [hidden, heads] = [fields.integer('hidden_size'), fields.integer('num_attention_heads')];
  return checkSizes(fields, {
    hidden,
    intermediate: fields.integer('intermediate_size'),
    layers: fields.layers('num_hidden_layers'),
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    vocab: fields.integer('vocab_size'),
    maxPositions: fields.integer('max_position_embeddings', 2048),
    eps: fields.number('layer_norm_eps', 1e-5),
  });
}

/** Attention with q, k and v in one matrix, `query_key_value`, head by head: q, k, v of head 0, then of head 1, … */
function fusedAttention(
  build: LayerBuilder,
  fields: Fields,
  { hidden, heads, headDim }: DecoderSizes,
  prefix: string,
  shape: AttentionShape,
  rope: Block,
): Block {
  const bias = fields.boolean('attention_bias', true);
  const qkv = build.linear(`${prefix}.query_key_value`, hidden, 3 * hidden, bias);
  return attention(
    shape,
    (x, pass) => {
      const tokens = at(x.shape, 0);
      const all = reshape(qkv(x, pass), [tokens, heads, 3 * headDim]);
      const part = (i: number): Tensor => reshape(slice(all, 2, i * headDim, (i + 1) * headDim), [tokens, hidden]);
      return [rope(part(0), pass), rope(part(1), pass), part(2)];
    },
    build.linear(`${prefix}.dense`, hidden, hidden, bias),
  );
}
