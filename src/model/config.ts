import { MarginError } from '../base/pure/marginError';
import type { Model } from './architectures/architecture';
import { architectures } from './architectures/table';
import { isRecord } from '../base/pure/isRecord';
import { Fields, parseObject } from './fields';

/**
 * Parses config.json of a Hugging Face checkpoint into the model that it describes. For a multimodal Gemma 3 it reads
 * only the text model (`text_config`).
 *
 * @param stored names of the tensors in the files, as {@link textName} gives them
 * @throws MarginError `bad-config` | `unknown-architecture` | `unsupported-config` | `unsupported-rope`
 */
export function parseModel(text: string, file: string, stored: ReadonlySet<string>): Model {
  const json = parseObject(text, file);
  const own =
    json.model_type === 'gemma3' && isRecord(json.text_config)
      ? { ...json.text_config, model_type: 'gemma3_text' }
      : json;
  const modelType = String(own.model_type);
  const architecture = Object.hasOwn(architectures, modelType) ? architectures[modelType] : undefined;
  if (!architecture) {
    throw new MarginError(
      'unknown-architecture',
      `${file}: model_type "${modelType}" is not supported; supported: ${Object.keys(architectures).join(', ')}`,
    );
  }
  if (isRecord(json.quantization_config)) {
    throw new MarginError(
      'unsupported-config',
      `${file}: the weights are quantised ("quantization_config"). Use the model's f32, f16 or bf16 files.`,
    );
  }
  return architecture(new Fields(file, own), stored);
}

/**
 * The name of a tensor in the text model; null: it is not a weight of the text model. Multimodal files also hold other
 * models, old files also hold buffers, and some GPT-2 files omit the prefix `transformer.`.
 *
 * @example
 *   textName('h.0.ln_1.weight');                     // 'transformer.h.0.ln_1.weight'
 *   textName('language_model.model.norm.weight');    // 'model.norm.weight'
 *   textName('vision_tower.patch_embed.weight');     // null
 */
export function textName(name: string): string | null {
  if (/(\.attn\.(masked_)?bias|\.attention\.(masked_)?bias|\.rotary_emb\.inv_freq)$/.test(name)) return null;
  if (/^(model\.)?(vision_tower|multi_modal_projector)\./.test(name)) return null;
  if (/^(wte|wpe|ln_f|h\.\d+)\./.test(name)) return `transformer.${name}`;
  return name.replace(/^language_model\./, '').replace(/^model\.language_model\./, 'model.');
}
