import { add, gelu, geluTanh } from '../../graph/elementwise';
import { reshape, slice } from '../../graph/structure';
import type { Tensor } from '../../graph/tensor';
import type { Fields } from '../fields';
import type { Architecture, AttentionShape, Block } from './architecture';
import { attention, chain, residual } from './blocks';
import { attentionShape, checkedFrame, headOf, sizes, type Frame } from './frame';
import { Parts } from './parts';
import { readRope, rotation } from './rope';

/**
 * GPT-NeoX and Pythia (`transformers` modeling_gpt_neox.py): both branches read the same input, a quarter of each head
 * is turned.
 */
export const gptNeox: Architecture = (fields, stored) => {
  fields.only('hidden_act', ['gelu', 'gelu_new', 'gelu_fast', 'gelu_pytorch_tanh'], 'gelu');
  const activation = (fields.json.hidden_act ?? 'gelu') === 'gelu' ? gelu : geluTanh;
  const parallel = fields.boolean('use_parallel_residual', true);
  const frame = neoxFrame(fields);
  const { hidden, inner, eps } = frame;
  const turn = rotation(
    readRope(fields, frame, { thetaName: 'rotary_emb_base', partialName: 'rotary_pct', partial: 0.25 }),
    frame.headDim,
  );
  const parts = new Parts();
  const words = parts.embedding('gpt_neox.embed_in', frame.vocab, hidden);
  const shapes = Array.from({ length: frame.layers }, (_, layer) => attentionShape(frame, layer));
  const layers = chain(
    ...shapes.map((shape) => {
      const at = `gpt_neox.layers.${shape.layer}`;
      const attend = chain(
        parts.layerNorm(`${at}.input_layernorm`, hidden, eps),
        fusedAttention(parts, fields, frame, `${at}.attention`, shape, turn),
      );
      const think = chain(
        parts.layerNorm(`${at}.post_attention_layernorm`, hidden, eps),
        parts.linear(`${at}.mlp.dense_h_to_4h`, hidden, inner, true),
        activation,
        parts.linear(`${at}.mlp.dense_4h_to_h`, inner, hidden, true),
      );
      const both: Block = (x, pass) => add(add(x, attend(x, pass)), think(x, pass));
      return parallel ? both : chain(residual(attend), residual(think));
    }),
  );
  const norm = parts.layerNorm('gpt_neox.final_layer_norm', hidden, eps);
  // transformers 4 called it embed_out.
  const head = stored.has('embed_out.weight') ? 'embed_out.weight' : 'lm_head.weight';
  return {
    ...sizes(fields, frame),
    attention: shapes,
    tensors: parts.tensors,
    linears: parts.linears,
    loraTargets: ['query_key_value'],
    body: (pass) => layers(words(pass.ids, pass), pass),
    norm,
    head: headOf(parts, fields, stored, frame, { tied: false, head, embedding: 'gpt_neox.embed_in.weight' }),
    logitSoftcap: null,
  };
};

function neoxFrame(fields: Fields): Frame {
  const [hidden, heads] = [fields.integer('hidden_size'), fields.integer('num_attention_heads')];
  return checkedFrame(fields, {
    hidden,
    inner: fields.integer('intermediate_size'),
    layers: fields.layers('num_hidden_layers'),
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    vocab: fields.integer('vocab_size'),
    maxPositions: fields.integer('max_position_embeddings', 2048),
    eps: fields.number('layer_norm_eps', 1e-5),
  });
}

/** The rows of `query_key_value` lie head by head: q, k and v of the first, of the second, … */
function fusedAttention(
  parts: Parts,
  fields: Fields,
  { hidden, heads, headDim }: Frame,
  at: string,
  shape: AttentionShape,
  turn: Block,
): Block {
  const bias = fields.boolean('attention_bias', true);
  const qkv = parts.linear(`${at}.query_key_value`, hidden, 3 * hidden, bias);
  return attention(
    shape,
    (x, pass) => {
      const tokens = x.shape[0] ?? 1;
      const all = reshape(qkv(x, pass), [tokens, heads, 3 * headDim]);
      const part = (i: number): Tensor => reshape(slice(all, 2, i * headDim, (i + 1) * headDim), [tokens, hidden]);
      return [turn(part(0), pass), turn(part(1), pass), part(2)];
    },
    parts.linear(`${at}.dense`, hidden, hidden, bias),
  );
}
