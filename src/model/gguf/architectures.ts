import type { GgufHeader } from './header';

/** What has to be done to a tensor's rows so that they are the ones of the Hugging Face checkpoint. */
export type LayoutChange = 'none' | 'unpermute-q' | 'unpermute-k' | 'transpose' | 'subtract-one' | 'ungroup-qkv';

/** How llama.cpp's converters (`conversion/*.py`) lay out one architecture. */
export interface GgufArchitecture {
  readonly modelType: string;
  /** The class of `transformers`, by which converters and servers know a model. */
  readonly className: string;
  /** Another `model_type` that has this architecture's names and layout in a file. */
  readonly alsoModelType?: string;
  /** Names below `blk.N.` and below the layer in the checkpoint. */
  readonly layer: readonly (readonly [gguf: string, own: string])[];
  readonly layerPrefix: string;
  /** Names outside the layers. */
  readonly outer: readonly (readonly [gguf: string, own: string])[];
  /** @param name in the GGUF file */
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
const around = [
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
/**
 * llama.cpp turns neighbouring dimensions, Hugging Face the first with the second half: rows of q and k are permuted.
 */
const permuted = (name: string): LayoutChange =>
  /\.attn_q\.(weight|bias)$/.test(name)
    ? 'unpermute-q'
    : /\.attn_k\.(weight|bias)$/.test(name)
      ? 'unpermute-k'
      : 'none';
/** Gemma's gains are stored less 1 in Hugging Face's files, whole in GGUF. */
const wholeGains = (name: string): LayoutChange => (name.endsWith('norm.weight') ? 'subtract-one' : 'none');

function llamaLike(
  modelType: string,
  className: string,
  layer: GgufArchitecture['layer'],
  layoutChange: GgufArchitecture['layoutChange'],
): GgufArchitecture {
  return { modelType, className, layer, layerPrefix: 'model.layers', outer, layoutChange };
}

/** By `general.architecture`. */
export const ggufArchitectures: Readonly<Record<string, GgufArchitecture>> = {
  llama: {
    ...llamaLike('llama', 'LlamaForCausalLM', [...preNorms, ...projections, ...mlp], permuted),
    alsoModelType: 'mistral',
  },
  smollm3: llamaLike('smollm3', 'SmolLM3ForCausalLM', [...preNorms, ...projections, ...mlp], permuted),
  qwen2: llamaLike('qwen2', 'Qwen2ForCausalLM', [...preNorms, ...projections, ...mlp], asIs),
  qwen3: llamaLike('qwen3', 'Qwen3ForCausalLM', [...preNorms, ...headNorms, ...projections, ...mlp], asIs),
  gemma: llamaLike('gemma', 'GemmaForCausalLM', [...preNorms, ...projections, ...mlp], wholeGains),
  gemma2: llamaLike('gemma2', 'Gemma2ForCausalLM', [...around, ...projections, ...mlp], wholeGains),
  gemma3: llamaLike('gemma3_text', 'Gemma3ForCausalLM', [...around, ...headNorms, ...projections, ...mlp], wholeGains),
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

/** Factors of a stretched RoPE: they go into config.json. */
export const ropeTensors = ['rope_freqs.weight', 'rope_factors_long.weight', 'rope_factors_short.weight'] as const;

/** The checkpoint's name of a GGUF tensor, or null where the architecture has no such tensor. */
export function ownName({ layer, layerPrefix, outer: outside }: GgufArchitecture, name: string): string | null {
  const [, number, inner = '', kind = ''] = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name) ?? [];
  if (number !== undefined) {
    const own = layer.find(([gguf]) => gguf === inner)?.[1];
    return own === undefined ? null : `${layerPrefix}.${number}.${own}.${kind}`;
  }
  const [, top = '', suffix = ''] = /^(\w+)\.(weight|bias)$/.exec(name) ?? [];
  const own = outside.find(([gguf]) => gguf === top)?.[1];
  return own === undefined ? null : `${own}.${suffix}`;
}

/** Names of a header's weights, as the checkpoint has them. */
export function ownNames(architecture: GgufArchitecture, { tensors }: GgufHeader): Map<string, string | null> {
  return new Map(
    [...tensors.keys()]
      .filter((name) => !ropeTensors.some((rope) => name === rope))
      .map((name) => [name, ownName(architecture, name)]),
  );
}

/** The GGUF architecture of a checkpoint, with its name, or null where there is none. */
export function ggufArchitectureOf(modelType: string): readonly [name: string, GgufArchitecture] | null {
  return (
    Object.entries(ggufArchitectures).find(
      ([, { modelType: own, alsoModelType }]) => own === modelType || alsoModelType === modelType,
    ) ?? null
  );
}

/**
 * The GGUF name of a checkpoint's layer `${module}.weight`, or null where the architecture has no such layer: {@link
 * ownName} the other way.
 */
export function ggufName({ layer, layerPrefix }: GgufArchitecture, module: string): string | null {
  const [number = '', ...inner] = module.startsWith(`${layerPrefix}.`)
    ? module.slice(layerPrefix.length + 1).split('.')
    : [];
  const gguf = layer.find(([, own]) => own === inner.join('.'))?.[0];
  return gguf === undefined ? null : `blk.${number}.${gguf}.weight`;
}
