import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { loraKey, loraRank, loraScale } from '../lora';
import type { Adapter, Checkpoint } from '../types';
import { ggufArchitectureOf, ggufArchitectures, ggufName } from './architectures';
import { permuteRows } from './layout';
import { writeGguf, type WrittenGgufTensor, type WrittenValue } from './write';

/** `GGML_QUANT_VERSION`; llama.cpp's converters write it into every file. */
export const quantizationVersion = 2;

/**
 * Writes a LoRA adapter that llama.cpp loads with `--lora` (see its `convert_lora_to_gguf.py` and
 * `src/llama-adapter.cpp`). For the base's tensor NAME it holds `NAME.lora_a` [rank, in] and `NAME.lora_b` [out, rank],
 * both f32. The rows of B are permuted like the rows of W.
 *
 * Scale. llama.cpp computes W·x + (alpha / rank)·B·A·x, with one alpha for the file and the rank of each pair. PEFT's
 * scale differs between modules: alpha / rank, or alpha / √rank with rsLoRA, and `rank_pattern` and `alpha_pattern`
 * change both. So the file's alpha is scale·rank of the first module, and B of each module is multiplied by its own
 * scale·rank divided by that alpha. For example, alpha 16 and ranks 8 and 4 without patterns on alpha: scale·rank is 16
 * for both, so both factors are 1.
 *
 * llama.cpp's own converter reads `lora_alpha` alone, and transposes GPT-2's A and B, which are not transposed.
 *
 * @param names names of the adapter and of its base, for the metadata
 * @throws MarginError `unsupported-gguf` where llama.cpp has no such architecture or layer
 */
export async function writeGgufAdapter(
  file: string,
  adapter: Adapter,
  checkpoint: Checkpoint,
  names: { readonly name: string; readonly base: string },
): Promise<void> {
  const { modelType } = checkpoint.model;
  const found = ggufArchitectureOf(modelType);
  if (!found)
    throw new MarginError(
      'unsupported-gguf',
      `${checkpoint.folder}: llama.cpp has no architecture for model_type "${modelType}"; it has ${Object.keys(ggufArchitectures).join(', ')}. Export a merged model instead.`,
    );
  const [architecture] = found;
  const alpha = alphaOf(adapter);
  const metadata: readonly (readonly [string, WrittenValue])[] = [
    ['general.architecture', { text: architecture }],
    ['general.type', { text: 'adapter' }],
    ['adapter.type', { text: 'lora' }],
    ['general.name', { text: names.name }],
    ['general.base_model.count', { u32: 1 }],
    ['general.base_model.0.name', { text: names.base }],
    ['adapter.lora.alpha', { f32: alpha }],
    ['general.quantization_version', { u32: quantizationVersion }],
  ];
  await writeGguf(
    file,
    new Map(metadata),
    adapter.modules.flatMap((module) => pairOf(module, adapter, alpha, checkpoint)),
  );
}

/** The alpha of the file, rounded to f32 as the file stores it. */
function alphaOf({ settings, modules }: Adapter): number {
  const first = at(modules, 0);
  return Math.fround(loraScale(settings, first) * loraRank(settings, first));
}

/** A and B of one module, as the file stores them. */
function pairOf(
  module: string,
  { settings, parameters }: Adapter,
  alpha: number,
  { model, folder }: Checkpoint,
): WrittenGgufTensor[] {
  const architecture = ggufArchitectureOf(model.modelType)?.[1];
  const name = architecture ? ggufName(architecture, module) : null;
  const [a, b, shape] = [
    parameters.get(loraKey(module, 'A')),
    parameters.get(loraKey(module, 'B')),
    model.attention[0],
  ];
  if (!architecture || name === null || !a || !b || !shape)
    throw new MarginError(
      'unsupported-gguf',
      `${folder}: llama.cpp has no layer for ${module} of model_type "${model.modelType}". Export a merged model instead.`,
    );
  const out = at(b.shape, 0);
  const factor = (loraScale(settings, module) * loraRank(settings, module)) / alpha;
  const rows = permuteRows(architecture.layoutChange(name), b.data, out, shape);
  return [
    whole(`${name}.lora_a`, a.shape, a.data),
    whole(
      `${name}.lora_b`,
      b.shape,
      rows.map((value) => value * factor),
    ),
  ];
}

/** A tensor in memory. */
const whole = (name: string, shape: readonly number[], data: Float32Array): WrittenGgufTensor => ({
  name,
  type: 'F32',
  shape,
  read: () => [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
});
