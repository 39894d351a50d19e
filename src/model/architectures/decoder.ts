import type { Tensor } from '../../graph/tensor';
import { MarginError } from '../../base/pure/marginError';
import type { Fields } from '../fields';
import type { AttentionShape, Block, Layer, Model, Pass } from './architecture';
import { chain } from './blocks';
import type { LayerBuilder } from './layerBuilder';

/** The sizes that every decoder has; comments give the key in Llama's config.json. */
export interface DecoderSizes {
  /** Width of the hidden states (`hidden_size`). */
  readonly hidden: number;
  /** Width inside the MLP (`intermediate_size`). */
  readonly intermediate: number;
  readonly layers: number;
  /** Query heads (`num_attention_heads`). */
  readonly heads: number;
  /** Key and value heads (`num_key_value_heads`); fewer than `heads` with grouped-query attention. */
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocab: number;
  readonly maxPositions: number;
  /** Added under the root of each norm (`rms_norm_eps`). */
  readonly eps: number;
}

/** The defaults that differ between the classes of `transformers`. */
export interface SizeDefaults {
  readonly maxPositions: number;
  /** Default 1e-6. */
  readonly eps?: number;
  /** Default: as many as query heads. */
  readonly kvHeads?: number;
  /** Default: hidden / heads. */
  readonly headDim?: number;
}

/**
 * Reads the sizes under the keys of Llama's config.json, which most models use.
 *
 * @throws MarginError `bad-config` naming the file and the field
 */
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

/** Known heads have up to 512 dimensions. A bound is needed because RoPE allocates a table of headDim / 2 numbers. */
const maxHeadDim = 1 << 16;

/**
 * Checks that heads fit each other.
 *
 * @throws MarginError `bad-config` if `heads` is not a multiple of `kvHeads`, or `headDim` is odd or too large
 */
export function checkSizes({ file }: Fields, sizes: DecoderSizes): DecoderSizes {
  const { heads, kvHeads, headDim } = sizes;
  if (headDim > maxHeadDim)
    throw new MarginError(
      'bad-config',
      `${file}: head_dim is ${headDim}; the largest that Margin reads is ${maxHeadDim}`,
    );
  if (heads % kvHeads === 0 && Number.isInteger(headDim) && headDim % 2 === 0) return sizes;
  throw new MarginError(
    'bad-config',
    `${file}: ${heads} heads cannot share ${kvHeads} key heads evenly, or head_dim ${headDim} is odd`,
  );
}

/** A layer's attention with the usual settings (scale 1/√headDim, no window, no cap); `own` overrides them. */
export function attentionShape(
  { heads, kvHeads, headDim }: DecoderSizes,
  layer: number,
  own: Partial<AttentionShape> = {},
): AttentionShape {
  return { layer, heads, kvHeads, headDim, scale: headDim ** -0.5, window: null, softcap: null, ...own };
}

/**
 * The sliding window of each layer; null: the layer has none. `layer_types` of config.json decides; without it, the
 * rule of the class does.
 *
 * @param window the size of the window, in tokens
 * @param slides the rule of the class: whether a layer has a window
 * @throws MarginError `unsupported-config` for any other layer type
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

/** What distinguishes one decoder from another. */
export interface Decoder {
  readonly sizes: DecoderSizes;
  readonly ropes: Model['ropes'];
  readonly attention: readonly AttentionShape[];
  /**
   * Makes one layer below `prefix` (`model.layers.0`). {@link decoder} calls this after the embedding and before the
   * final norm, so that weights are declared in the order of the forward pass.
   */
  readonly block: (prefix: string, shape: AttentionShape) => Block;
  readonly norm: (build: LayerBuilder) => Layer;
  /** The default of `tie_word_embeddings` in this class. */
  readonly tied: boolean;
  /** Applied to the embedded tokens, as Gemma's scale; default: nothing. */
  readonly embedded?: (x: Tensor) => Tensor;
  readonly loraTargets?: readonly string[];
  readonly logitSoftcap?: number | null;
}

/** A decoder with the weight names of Llama: `model.embed_tokens`, `model.layers.N`, `model.norm`, `lm_head`. */
export function decoder(build: LayerBuilder, fields: Fields, stored: ReadonlySet<string>, own: Decoder): Model {
  const { sizes, attention, embedded = (x: Tensor): Tensor => x } = own;
  const embed = build.embedding('model.embed_tokens', sizes.vocab, sizes.hidden);
  const layers = chain(...attention.map((shape) => own.block(`model.layers.${shape.layer}`, shape)));
  const norm = own.norm(build);
  return {
    ...modelSizes(fields, sizes),
    ropes: own.ropes,
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

/** The fields of {@link Model} that are plain sizes. */
export function modelSizes(
  fields: Fields,
  sizes: DecoderSizes,
): Pick<Model, 'modelType' | 'vocabSize' | 'hiddenSize' | 'maxPositions' | 'sizes'> {
  const { vocab, hidden, maxPositions } = sizes;
  return { modelType: String(fields.json.model_type), vocabSize: vocab, hiddenSize: hidden, maxPositions, sizes };
}

/**
 * The name of the head's matrix [vocabulary, hidden]: `head`, or `embedding` where config.json ties them or the files
 * hold no head.
 *
 * @param tied the default of `tie_word_embeddings`
 */
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
