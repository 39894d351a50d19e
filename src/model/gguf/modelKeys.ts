import type { Model } from '../architectures/architecture';
import { at } from '../../base/pure/must';
import { isRecord } from '../../base/pure/isRecord';
import type { Json } from '../fields';
import { unsupportedGguf } from './unsupported';
import type { WrittenValue } from './write';

/*
 * What llama.cpp computes for each architecture without a key of its own (`src/models/*.cpp`). A model that differs
 * from that is refused, because llama.cpp would load it and give other tokens.
 */

/** Architectures whose sliding windows llama.cpp computes, and the layers that have one. */
const windowLayers: Readonly<Record<string, (layer: number) => boolean>> = {
  gemma2: (layer) => layer % 2 === 0,
  gemma3: (layer) => (layer + 1) % 6 !== 0,
};
/** Gemma 2 and 3 of 27B scale scores by 1/√(hidden / heads). llama.cpp knows them by their number of layers. */
const largestLayers: Readonly<Record<string, number>> = { gemma2: 46, gemma3: 62 };
/** SmolLM3 in llama.cpp has no RoPE on every layer of this number. */
const noRopeInterval = 4;

type Keys = readonly (readonly [key: string, value: WrittenValue])[];

/**
 * The sizes of a model under llama.cpp's keys, without the architecture's name before them.
 *
 * @param config the text model's part of config.json
 * @param folder for the error
 * @throws MarginError `unsupported-gguf` where llama.cpp would compute something else
 */
export function modelKeys(model: Model, architecture: string, config: Json, folder: string): Keys {
  refuseOther(model, architecture, config, folder);
  const { hidden, intermediate, layers, heads, kvHeads, headDim, eps, vocab } = model.sizes;
  const common: Keys = [
    ['context_length', { u32: contextLength(model, architecture) }],
    ['embedding_length', { u32: hidden }],
    ['block_count', { u32: layers }],
    ['feed_forward_length', { u32: intermediate }],
    ['attention.head_count', { u32: heads }],
  ];
  if (architecture === 'gpt2') return [...common, ['attention.layer_norm_epsilon', { f32: eps }]];
  if (architecture === 'gptneox')
    return [
      ...common,
      ['attention.layer_norm_epsilon', { f32: eps }],
      // Absent in config.json means true, as in transformers.
      ['use_parallel_residual', { bool: config.use_parallel_residual !== false }],
    ];
  return [
    ...common,
    ['attention.head_count_kv', { u32: kvHeads }],
    ['attention.layer_norm_rms_epsilon', { f32: eps }],
    ['attention.key_length', { u32: headDim }],
    ['attention.value_length', { u32: headDim }],
    ...windowKeys(model, architecture),
    ...softcapKeys(model, architecture),
    ...(architecture === 'llama' ? [['vocab_size', { u32: vocab }] as const] : []),
  ];
}

/**
 * llama.cpp has no window for most architectures. A model that has one is exact up to that length, so that becomes its
 * context length.
 */
function contextLength({ maxPositions, attention }: Model, architecture: string): number {
  if (windowLayers[architecture]) return maxPositions;
  return Math.min(maxPositions, ...attention.flatMap(({ window }) => window ?? []));
}

function windowKeys({ attention }: Model, architecture: string): Keys {
  const window = attention.find((shape) => shape.window !== null)?.window;
  // llama.cpp tells Phi-4 from Phi-3 by a window of 0.
  if (architecture === 'phi3') return [['attention.sliding_window', { u32: window ?? 0 }]];
  return windowLayers[architecture] && window ? [['attention.sliding_window', { u32: window }]] : [];
}

function softcapKeys({ attention, logitSoftcap }: Model, architecture: string): Keys {
  const scores = at(attention, 0).softcap;
  if (architecture !== 'gemma2' || scores === null || logitSoftcap === null) return [];
  return [
    ['attn_logit_softcapping', { f32: scores }],
    ['final_logit_softcapping', { f32: logitSoftcap }],
  ];
}

function refuseOther(model: Model, architecture: string, config: Json, folder: string): void {
  const refuse = (what: string): never => {
    throw unsupportedGguf(folder, `${what} in the architecture "${architecture}" of llama.cpp`);
  };
  const { attention, logitSoftcap, sizes } = model;
  const isLargest = largestLayers[architecture] === sizes.layers;
  const scale = (isLargest ? sizes.hidden / sizes.heads : sizes.headDim) ** -0.5;
  const hasCaps = architecture === 'gemma2';
  const slides = windowLayers[architecture];
  for (const shape of attention) {
    if (Math.abs(shape.scale / scale - 1) > 1e-6)
      refuse('there is no other scale of attention (query_pre_attn_scalar)');
    if ((shape.softcap !== null) !== hasCaps)
      refuse(`attention scores are ${hasCaps ? 'always' : 'never'} capped (attn_logit_softcapping)`);
    if (slides && (shape.window !== null) !== slides(shape.layer))
      refuse('other layers have a sliding window (layer_types)');
  }
  if ((logitSoftcap !== null) !== hasCaps)
    refuse(`logits are ${hasCaps ? 'always' : 'never'} capped (final_logit_softcapping)`);
  if (architecture === 'smollm3' && !usualNoRope(config, sizes.layers))
    refuse('the layers without RoPE are others (no_rope_layers)');
}

function usualNoRope({ no_rope_layers: listed, no_rope_layer_interval: interval }: Json, layers: number): boolean {
  if (!Array.isArray(listed)) return interval === undefined || interval === null || interval === noRopeInterval;
  return Array.from({ length: layers }, (_, layer) => Number((layer + 1) % noRopeInterval !== 0)).every(
    (hasRope, layer) => listed[layer] === hasRope,
  );
}

/** The part of config.json that describes the text model: `text_config` of a multimodal Gemma 3. */
export const textConfig = (config: Json): Json => (isRecord(config.text_config) ? config.text_config : config);
