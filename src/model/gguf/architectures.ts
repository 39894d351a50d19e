import type { GgufHeader } from './header';

/**
 * How a tensor of a GGUF file must change to equal the tensor of the Hugging Face checkpoint:
 *
 * - `none`: nothing.
 * - `unpermute-q`, `unpermute-k`: llama.cpp rotates neighbouring dimensions, Hugging Face rotates dimension i with i +
 *   headDim/2, so the converter permuted the rows of q and k.
 * - `transpose`: the checkpoint stores [in, out] (GPT-2's Conv1D).
 * - `subtract-one`: the checkpoint stores gain − 1 (Gemma).
 * - `ungroup-qkv`: the checkpoint has q, k and v head by head (GPT-NeoX), the file has all of q, all of k, all of v.
 */
export type LayoutChange = 'none' | 'unpermute-q' | 'unpermute-k' | 'transpose' | 'subtract-one' | 'ungroup-qkv';

/**
 * Names and layout of one architecture's tensors in a GGUF file, as llama.cpp's converters (`conversion/*.py`) write.
 */
export interface GgufArchitecture {
  /** `model_type` of config.json. */
  readonly modelType: string;
  /** The class in `transformers` (`architectures` of config.json). */
  readonly className: string;
  /** Another `model_type` with the same names and layout. */
  readonly alsoModelType?: string;
  /** Names of a layer's tensors: below `blk.N.` in the file, and below `layerPrefix.N.` in the checkpoint. */
  readonly layer: readonly (readonly [gguf: string, own: string])[];
  readonly layerPrefix: string;
  /** Names of the tensors outside the layers. */
  readonly outer: readonly (readonly [gguf: string, own: string])[];
  /** @param name the tensor's name in the GGUF file */
  readonly layoutChange: (name: string) => LayoutChange;
}

const mlp = [
  ['ffn_gate', 'mlp.gate_proj'],
  ['ffn_up', 'mlp.up_proj'],
  ['ffn_down', 'mlp.down_proj'],
] as const;
const projections = [
  ['attn_q', 'self_attn.q_proj'],
  ['attn_k', 'self_attn.k_proj'],
  ['attn_v', 'self_attn.v_proj'],
  ['attn_output', 'self_attn.o_proj'],
] as const;
const headNorms = [
  ['attn_q_norm', 'self_attn.q_norm'],
  ['attn_k_norm', 'self_attn.k_norm'],
] as const;
const preNorms = [
  ['attn_norm', 'input_layernorm'],
  ['ffn_norm', 'post_attention_layernorm'],
] as const;
const fourNorms = [
  ['attn_norm', 'input_layernorm'],
  ['post_attention_norm', 'post_attention_layernorm'],
  ['ffn_norm', 'pre_feedforward_layernorm'],
  ['post_ffw_norm', 'post_feedforward_layernorm'],
] as const;
const outer = [
  ['token_embd', 'model.embed_tokens'],
  ['output_norm', 'model.norm'],
  ['output', 'lm_head'],
] as const;

const asIs = (): LayoutChange => 'none';
const permuted = (name: string): LayoutChange =>
  /\.attn_q\.(weight|bias)$/.test(name)
    ? 'unpermute-q'
    : /\.attn_k\.(weight|bias)$/.test(name)
      ? 'unpermute-k'
      : 'none';
const subtractFromGains = (name: string): LayoutChange => (name.endsWith('norm.weight') ? 'subtract-one' : 'none');

function llamaLike(
  modelType: string,
  className: string,
  layer: GgufArchitecture['layer'],
  layoutChange: GgufArchitecture['layoutChange'],
): GgufArchitecture {
  return { modelType, className, layer, layerPrefix: 'model.layers', outer, layoutChange };
}

/** Every architecture that Margin reads, by `general.architecture`. */
export const ggufArchitectures: Readonly<Record<string, GgufArchitecture>> = {
  llama: {
    ...llamaLike('llama', 'LlamaForCausalLM', [...preNorms, ...projections, ...mlp], permuted),
    alsoModelType: 'mistral',
  },
  smollm3: llamaLike('smollm3', 'SmolLM3ForCausalLM', [...preNorms, ...projections, ...mlp], permuted),
  qwen2: llamaLike('qwen2', 'Qwen2ForCausalLM', [...preNorms, ...projections, ...mlp], asIs),
  qwen3: llamaLike('qwen3', 'Qwen3ForCausalLM', [...preNorms, ...headNorms, ...projections, ...mlp], asIs),
  gemma: llamaLike('gemma', 'GemmaForCausalLM', [...preNorms, ...projections, ...mlp], subtractFromGains),
  gemma2: llamaLike('gemma2', 'Gemma2ForCausalLM', [...fourNorms, ...projections, ...mlp], subtractFromGains),
  gemma3: llamaLike(
    'gemma3_text',
    'Gemma3ForCausalLM',
    [...fourNorms, ...headNorms, ...projections, ...mlp],
    subtractFromGains,
  ),
  phi3: llamaLike(
    'phi3',
    'Phi3ForCausalLM',
    [
      ...preNorms,
      ['attn_qkv', 'self_attn.qkv_proj'],
      ['attn_output', 'self_attn.o_proj'],
      ['ffn_up', 'mlp.gate_up_proj'],
      ['ffn_down', 'mlp.down_proj'],
    ],
    asIs,
  ),
  olmo2: llamaLike(
    'olmo2',
    'Olmo2ForCausalLM',
    [
      ['post_attention_norm', 'post_attention_layernorm'],
      ['post_ffw_norm', 'post_feedforward_layernorm'],
      ...headNorms,
      ...projections,
      ...mlp,
    ],
    asIs,
  ),
  gpt2: {
    modelType: 'gpt2',
    className: 'GPT2LMHeadModel',
    layer: [
      ['attn_norm', 'ln_1'],
      ['attn_qkv', 'attn.c_attn'],
      ['attn_output', 'attn.c_proj'],
      ['ffn_norm', 'ln_2'],
      ['ffn_up', 'mlp.c_fc'],
      ['ffn_down', 'mlp.c_proj'],
    ],
    layerPrefix: 'transformer.h',
    outer: [
      ['token_embd', 'transformer.wte'],
      ['position_embd', 'transformer.wpe'],
      ['output_norm', 'transformer.ln_f'],
      ['output', 'lm_head'],
    ],
    layoutChange: (name) => (/\.(attn_qkv|attn_output|ffn_up|ffn_down)\.weight$/.test(name) ? 'transpose' : 'none'),
  },
  gptneox: {
    modelType: 'gpt_neox',
    className: 'GPTNeoXForCausalLM',
    layer: [
      ['attn_norm', 'input_layernorm'],
      ['attn_qkv', 'attention.query_key_value'],
      ['attn_output', 'attention.dense'],
      ['ffn_norm', 'post_attention_layernorm'],
      ['ffn_up', 'mlp.dense_h_to_4h'],
      ['ffn_down', 'mlp.dense_4h_to_h'],
    ],
    layerPrefix: 'gpt_neox.layers',
    outer: [
      ['token_embd', 'gpt_neox.embed_in'],
      ['output_norm', 'gpt_neox.final_layer_norm'],
      ['output', 'lm_head'],
    ],
    layoutChange: (name) => (/\.attn_qkv\.(weight|bias)$/.test(name) ? 'ungroup-qkv' : 'none'),
  },
};

/** Tensors that hold divisors of RoPE's frequencies; they become lists in config.json. */
const ropeTensors = ['rope_freqs.weight', 'rope_factors_long.weight', 'rope_factors_short.weight'] as const;

/**
 * The checkpoint's name of a GGUF tensor; null: the architecture has no such tensor.
 *
 * @example
 *   ownName(ggufArchitectures.llama, 'blk.3.attn_q.weight'); // 'model.layers.3.self_attn.q_proj.weight'
 */
export function ownName({ layer, layerPrefix, outer: outside }: GgufArchitecture, name: string): string | null {
  const inLayer = /^blk\.(?<number>\d+)\.(?<part>\w+)\.(?<kind>weight|bias)$/.exec(name)?.groups;
  if (inLayer) {
    const own = layer.find(([gguf]) => gguf === inLayer.part)?.[1];
    return own === undefined ? null : `${layerPrefix}.${inLayer.number}.${own}.${inLayer.kind}`;
  }
  const outsideLayers = /^(?<part>\w+)\.(?<kind>weight|bias)$/.exec(name)?.groups;
  const own = outside.find(([gguf]) => gguf === outsideLayers?.part)?.[1];
  return own === undefined ? null : `${own}.${outsideLayers?.kind}`;
}

/** The checkpoint's name of each weight in a header, by its GGUF name; null: the architecture has no such tensor. */
export function ownNames(architecture: GgufArchitecture, { tensors }: GgufHeader): Map<string, string | null> {
  return new Map(
    [...tensors.keys()]
      .filter((name) => !ropeTensors.some((rope) => name === rope))
      .map((name) => [name, ownName(architecture, name)]),
  );
}

/** The GGUF architecture, with its name, for a `model_type`; null: llama.cpp has none. */
export function ggufArchitectureOf(modelType: string): readonly [name: string, GgufArchitecture] | null {
  return (
    Object.entries(ggufArchitectures).find(
      ([, { modelType: own, alsoModelType }]) => own === modelType || alsoModelType === modelType,
    ) ?? null
  );
}

/**
 * The inverse of {@link ownName} for the weight of a linear layer; null: the architecture has no such layer.
 *
 * @example
 *   ggufName(ggufArchitectures.llama, 'model.layers.3.self_attn.q_proj'); // 'blk.3.attn_q.weight'
 */
export function ggufName({ layer, layerPrefix }: GgufArchitecture, module: string): string | null {
  if (!module.startsWith(`${layerPrefix}.`)) return null;
  const [number, ...part] = module.slice(layerPrefix.length + 1).split('.');
  const gguf = layer.find(([, own]) => own === part.join('.'))?.[0];
  return gguf === undefined ? null : `blk.${number}.${gguf}.weight`;
}

/**
 * The inverse of {@link ownName} for any weight of a model; null: the architecture has no such tensor.
 *
 * @example
 *   ggufTensorName(ggufArchitectures.llama, 'model.norm.weight'); // 'output_norm.weight'
 */
export function ggufTensorName(architecture: GgufArchitecture, name: string): string | null {
  const parts = /^(?<module>.+)\.(?<kind>weight|bias)$/.exec(name)?.groups;
  if (!parts) return null;
  // transformers 4 names the head of GPT-NeoX `embed_out`.
  const module = parts.module === 'embed_out' ? 'lm_head' : String(parts.module);
  const outside = architecture.outer.find(([, own]) => own === module)?.[0];
  if (outside !== undefined) return `${outside}.${parts.kind}`;
  return ggufName(architecture, module)?.replace(/weight$/, String(parts.kind)) ?? null;
}
