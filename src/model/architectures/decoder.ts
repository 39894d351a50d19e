import type { Tensor } from '../../graph/tensor';
import { MarginError } from '../../base/pure/marginError';
import type { Fields } from '../fields';
import type { AttentionShape, Block, Layer, Model, Pass } from './architecture';
import { chain } from './blocks';
import type { LayerBuilder } from './layerBuilder';

/** The sizes that every decoder has. */
export interface DecoderSizes {
  readonly hidden: number;
  readonly intermediate: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocab: number;
  readonly maxPositions: number;
  readonly eps: number;
}

/** What the `transformers` classes do not agree on. */
export interface SizeDefaults {
  readonly maxPositions: number;
  readonly eps?: number;
  readonly kvHeads?: number;
  readonly headDim?: number;
}

/** Sizes under the names of Llama's config and those that follow it. */
export function readSizes(fields: Fields, defaults: SizeDefaults): DecoderSizes {
  const heads = fields.integer('num_attention_heads');
  const hidden = fields.integer('hidden_size');
  return checkSizes(fields, {
    hidden,
    intermediate: fields.integer('intermediate_size'),
    layers: fields.layers('num_hidden_layers'),
    heads,
    kvHeads: fields.integer('num_key_value_heads', defaults.kvHeads ?? heads),
    headDim: fields.integer('head_dim', defaults.headDim ?? hidden / heads),
    vocab: fields.integer('vocab_size'),
    maxPositions: fields.integer('max_position_embeddings', defaults.maxPositions),
    eps: fields.number('rms_norm_eps', defaults.eps ?? 1e-6),
  });
}

/** Known heads have up to 512 numbers; RoPE makes a table of half as many. */
const maxHeadDim = 1 << 16;

export function checkSizes({ file }: Fields, sizes: DecoderSizes): DecoderSizes {
  const { heads, kvHeads, headDim } = sizes;
  if (headDim > maxHeadDim)
    throw new MarginError('bad-config', `${file}: a head has ${headDim} numbers; no model has more than ${maxHeadDim}`);
  if (heads % kvHeads === 0 && Number.isInteger(headDim) && headDim % 2 === 0) return sizes;
  throw new MarginError(
    'bad-config',
    `${file}: ${heads} heads do not share ${kvHeads} key heads evenly, or head_dim ${headDim} is odd`,
  );
}

/** A layer's attention as most have it; `own` says where it differs. */
export function attentionShape(
  { heads, kvHeads, headDim }: DecoderSizes,
  layer: number,
  own: Partial<AttentionShape> = {},
): AttentionShape {
  return { layer, heads, kvHeads, headDim, scale: headDim ** -0.5, window: null, softcap: null, ...own };
}

/**
 * The window of each layer: `layer_types` where config.json has them, else what the class would fill in.
 *
 * @param slides whether a layer has a window when no `layer_types` are given
 */
export function windows(
  fields: Fields,
  { layers }: DecoderSizes,
  window: number | null,
  slides: (layer: number) => boolean,
): (number | null)[] {
  const types = fields.list('layer_types', layers);
  return Array.from({ length: layers }, (_, layer) => {
    const kind = types?.[layer] ?? (slides(layer) ? 'sliding_attention' : 'full_attention');
    if (kind === 'full_attention') return null;
    if (kind === 'sliding_attention') return window;
    throw new MarginError(
      'unsupported-config',
      `${fields.file}: layer_types names ${JSON.stringify(kind)}; supported are "full_attention" and "sliding_attention"`,
    );
  });
}

export interface Decoder {
  readonly sizes: DecoderSizes;
  readonly attention: readonly AttentionShape[];
  /** Made between the embedding and the final norm, so that weights are declared in the order of the forward pass. */
  readonly block: (prefix: string, shape: AttentionShape) => Block;
  readonly norm: (build: LayerBuilder) => Layer;
  /** Whether the class ties the head to the embedding when config.json does not say. */
  readonly tied: boolean;
  readonly embedded?: (x: Tensor) => Tensor;
  readonly loraTargets?: readonly string[];
  readonly logitSoftcap?: number | null;
}

/**
 * A decoder under the names of Llama's checkpoints: `model.embed_tokens`, `model.layers.N`, `model.norm`, `lm_head`.
 */
export function decoder(build: LayerBuilder, fields: Fields, stored: ReadonlySet<string>, own: Decoder): Model {
  const { sizes, attention, embedded = (x: Tensor): Tensor => x } = own;
  const embed = build.embedding('model.embed_tokens', sizes.vocab, sizes.hidden);
  const layers = chain(...attention.map((shape) => own.block(`model.layers.${shape.layer}`, shape)));
  const norm = own.norm(build);
  return {
    ...modelSizes(fields, sizes),
    attention,
    tensors: build.tensors,
    linears: build.linears,
    loraTargets: own.loraTargets ?? ['q_proj', 'v_proj'],
    body: (pass: Pass) => layers(embedded(embed(pass.ids, pass)), pass),
    norm,
    head: headOf(build, fields, stored, sizes, {
      tied: own.tied,
      head: 'lm_head.weight',
      embedding: 'model.embed_tokens.weight',
    }),
    logitSoftcap: own.logitSoftcap ?? null,
  };
}

export function modelSizes(
  fields: Fields,
  { vocab, hidden, maxPositions }: DecoderSizes,
): Pick<Model, 'modelType' | 'vocabSize' | 'hiddenSize' | 'maxPositions'> {
  return { modelType: String(fields.json.model_type), vocabSize: vocab, hiddenSize: hidden, maxPositions };
}

/** The head's matrix: its own, or the embedding where config.json says so or the files hold no other. */
export function headOf(
  build: LayerBuilder,
  fields: Fields,
  stored: ReadonlySet<string>,
  { vocab, hidden }: DecoderSizes,
  { tied, head, embedding }: { readonly tied: boolean; readonly head: string; readonly embedding: string },
): string {
  return fields.boolean('tie_word_embeddings', tied) || !stored.has(head)
    ? embedding
    : build.declare(head, [vocab, hidden]);
}
