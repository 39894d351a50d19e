import { MarginError } from '../../base/pure/marginError';
import type { GgufArchitecture } from './architectures';
import type { GgufHeader, GgufValue } from './header';

/** Typed access to the metadata of a GGUF file. Errors name the file and the key. */
export class Metadata {
  constructor(
    private readonly header: GgufHeader,
    readonly file: string,
  ) {}

  get(key: string): GgufValue | undefined {
    return this.header.metadata.get(key);
  }

  /**
   * @throws MarginError `bad-gguf` if the key is there and its value is not a number
   */
  number(key: string): number | undefined {
    const value = this.get(key);
    if (value === undefined || typeof value === 'number') return value;
    throw new MarginError(
      'bad-gguf',
      `${this.file}: "${key}" must be one number for all layers, found ${typeof value === 'object' ? 'a list' : JSON.stringify(value)}`,
    );
  }

  /**
   * @throws MarginError `bad-gguf` if the key is absent or its value is not a number
   */
  require(key: string): number {
    const value = this.number(key);
    if (value !== undefined) return value;
    throw new MarginError('bad-gguf', `${this.file} has no key "${key}"`);
  }

  /** Undefined if the key is absent or its value has another type; so are `texts` and `numbers`. */
  text(key: string): string | undefined {
    const value = this.get(key);
    return typeof value === 'string' ? value : undefined;
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.get(key);
    return isTexts(value) ? value : undefined;
  }

  numbers(key: string): readonly number[] | undefined {
    const value = this.get(key);
    return typeof value !== 'object' || isTexts(value) ? undefined : Array.from<number | bigint, number>(value, Number);
  }
}

function isTexts(value: GgufValue | undefined): value is readonly string[] {
  return Array.isArray(value);
}

/** Divisors of RoPE's frequencies that the file holds as tensors, [dims / 2] each; null: it has no such tensor. */
export interface RopeFactors {
  /** For sequences of any length (`rope_freqs`). */
  readonly all: readonly number[] | null;
  /** For sequences up to the original context length (`rope_factors_short`). */
  readonly short: readonly number[] | null;
  /** For longer sequences (`rope_factors_long`). */
  readonly long: readonly number[] | null;
}

/** What readers of GGUF files assume without `rope.freq_base` (llama.cpp `src/llama-model.cpp`). */
const defaultTheta = 10_000;

/**
 * Rebuilds config.json from the metadata (keys: ggml `docs/gguf.md`).
 *
 * @example
 *   // llama.block_count = 16  →  "num_hidden_layers": 16
 *
 * @throws MarginError `bad-gguf` for a missing key | `unsupported-rope`
 */
export function configOf(
  metadata: Metadata,
  architecture: GgufArchitecture,
  vocabSize: number,
  factors: RopeFactors,
): Record<string, unknown> {
  const prefix = String(metadata.get('general.architecture'));
  const own = (key: string): number | undefined => metadata.number(`${prefix}.${key}`);
  const need = (key: string): number => metadata.require(`${prefix}.${key}`);
  const { modelType } = architecture;
  if (modelType === 'gpt2') return gpt2Config(need, vocabSize);
  const [hidden, heads] = [need('embedding_length'), need('attention.head_count')];
  const [headDim, window] = [own('attention.key_length'), own('attention.sliding_window')];
  const common = {
    model_type: modelType,
    hidden_size: hidden,
    intermediate_size: need('feed_forward_length'),
    num_hidden_layers: need('block_count'),
    num_attention_heads: heads,
    vocab_size: vocabSize,
    max_position_embeddings: need('context_length'),
  };
  if (modelType === 'gpt_neox') return { ...common, ...neoxConfig(metadata, prefix, own, hidden / heads) };
  return {
    ...common,
    num_key_value_heads: own('attention.head_count_kv') ?? heads,
    ...(headDim === undefined ? {} : { head_dim: headDim }),
    rms_norm_eps: need('attention.layer_norm_rms_epsilon'),
    rope_theta: own('rope.freq_base') ?? defaultTheta,
    rope_scaling: ropeScaling(metadata, prefix, factors),
    // Phi-3 rotates a part of each head, and chooses between short and long factors by its original context length.
    ...(modelType === 'phi3' ? phi3Config(own, hidden / heads) : {}),
    ...(modelType.startsWith('gemma') ? gemmaConfig(own, modelType, hidden / heads, common.num_hidden_layers) : {}),
    // A Mistral file calls itself "llama", and llama.cpp ignores its window. So Margin ignores it too.
    ...(window === undefined || modelType === 'llama' ? {} : { sliding_window: window }),
  };
}

/**
 * The special token ids of config.json. An absent one must be null: the defaults of the classes in `transformers` are
 * ids of other vocabularies, and may be beyond this one.
 */
export function tokenIds(metadata: Metadata): Record<string, number | null> {
  const id = (role: string): number | null => metadata.number(`tokenizer.ggml.${role}_token_id`) ?? null;
  return { bos_token_id: id('bos'), eos_token_id: id('eos'), pad_token_id: id('padding') };
}

type Own = (key: string) => number | undefined;

function gpt2Config(need: (key: string) => number, vocabSize: number): Record<string, unknown> {
  return {
    model_type: 'gpt2',
    n_embd: need('embedding_length'),
    n_inner: need('feed_forward_length'),
    n_layer: need('block_count'),
    n_head: need('attention.head_count'),
    n_positions: need('context_length'),
    vocab_size: vocabSize,
    layer_norm_epsilon: need('attention.layer_norm_epsilon'),
  };
}

function neoxConfig(metadata: Metadata, prefix: string, own: Own, headDim: number): Record<string, unknown> {
  return {
    layer_norm_eps: own('attention.layer_norm_epsilon'),
    rotary_pct: (own('rope.dimension_count') ?? headDim) / headDim,
    rotary_emb_base: own('rope.freq_base') ?? defaultTheta,
    use_parallel_residual: metadata.get(`${prefix}.use_parallel_residual`) ?? true,
  };
}

function phi3Config(own: Own, headDim: number): Record<string, unknown> {
  return {
    partial_rotary_factor: (own('rope.dimension_count') ?? headDim) / headDim,
    original_max_position_embeddings: own('rope.scaling.original_context_length'),
  };
}

/**
 * Gemma's own keys. `query_pre_attn_scalar` is headDim, except in the largest Gemma 2 (27B) and Gemma 3 (27B), where it
 * is hidden / heads. The metadata does not hold it, so the number of layers identifies these two.
 *
 * @param share hidden / heads
 */
function gemmaConfig(own: Own, modelType: string, share: number, layers: number): Record<string, unknown> {
  const largest = { gemma2: 46, gemma3_text: 62 }[modelType] === layers;
  return {
    query_pre_attn_scalar: largest ? share : own('attention.key_length'),
    ...(modelType === 'gemma2'
      ? {
          attn_logit_softcapping: own('attn_logit_softcapping'),
          final_logit_softcapping: own('final_logit_softcapping'),
        }
      : {}),
  };
}

function ropeScaling(
  metadata: Metadata,
  prefix: string,
  { all, short, long }: RopeFactors,
): Record<string, unknown> | null {
  const scaling = `${prefix}.rope.scaling`;
  if (short && long)
    return {
      rope_type: 'longrope',
      short_factor: short,
      long_factor: long,
      // Without the key, llama.cpp does not scale attention.
      attention_factor: metadata.number(`${scaling}.attn_factor`) ?? 1,
    };
  // A Llama 3 file stores its scaling as divisors. LongRoPE with the same list for all lengths computes the same.
  if (all) return { rope_type: 'longrope', short_factor: all, long_factor: all, attention_factor: 1 };
  const kind = metadata.text(`${scaling}.type`) ?? 'none';
  const factor = metadata.number(`${scaling}.factor`);
  if (kind === 'none') return null;
  if (kind === 'linear') return { rope_type: 'linear', factor };
  if (kind === 'yarn' && metadata.get(`${scaling}.yarn_log_multiplier`) === undefined) {
    return {
      rope_type: 'yarn',
      factor,
      original_max_position_embeddings: metadata.number(`${scaling}.original_context_length`),
    };
  }
  throw new MarginError(
    'unsupported-rope',
    `${metadata.file}: RoPE scaling "${kind}" with these settings is not supported; use the model's Hugging Face files`,
  );
}
