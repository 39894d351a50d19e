import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { isRecord } from '../base/pure/isRecord';
import { parseObject } from './fields';
import { refuseNotFinite } from './finite';
import { loraKey, loraRank, storedTransposed } from './lora';
import { readTensor } from './readWeights';
import { requireText } from './readText';
import { readSafetensorsHeader, writeSafetensors } from './safetensors';
import type { Adapter, Checkpoint, LoraSettings, Parameter } from './types';

/** adapter_config.json has about 1 KB, more with a long list of target modules. */
const maxConfigBytes = 1 << 20;
/** Usual are a few entries. Ten for each of 1,000 layers is the most that makes sense. */
const maxPatterns = 10_000;

/**
 * Reads a PEFT LoRA adapter: adapter_config.json and adapter_model.safetensors (peft
 * `docs/source/developer_guides/checkpoint.md`).
 *
 * For a linear layer [out, in] and rank r, the file must hold `base_model.model.MODULE.lora_A.weight` [r, in] and
 * `….lora_B.weight` [out, r].
 *
 * @param folder the adapter's folder
 * @param checkpoint its base, which decides the shapes
 * @throws MarginError `missing-file` | `bad-adapter` where a matrix is missing, unknown or does not fit the
 *   checkpoint | `bad-weight` for a NaN or an infinity
 */
export async function readAdapter(folder: string, checkpoint: Checkpoint): Promise<Adapter> {
  const file = join(folder, 'adapter_config.json');
  const settings = settingsOf(parseObject(await requireText(file, maxConfigBytes), file), file);
  const stored = await readSafetensorsHeader(join(folder, 'adapter_model.safetensors'));
  const parameters = new Map<string, Parameter>();
  for (const tensor of stored) parameters.set(tensor.name, await readTensor(tensor));
  const modules = [...new Set([...parameters.keys()].map((key) => moduleOf(key, folder)))];
  if (modules.length === 0) throw new MarginError('bad-adapter', `${folder}: adapter_model.safetensors has no tensors`);
  modules.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  await refuseNotFinite({ weights: new Map(stored.map((tensor) => [tensor.name, tensor])) });
  for (const module of modules) checkModule(module, parameters, settings, checkpoint, folder);
  return { settings, modules, parameters, fanInFanOut: storedTransposed(checkpoint, modules) };
}

/** The module path in PEFT's key of a LoRA matrix. */
function moduleOf(key: string, folder: string): string {
  const module = /^base_model\.model\.(.+)\.lora_[AB]\.weight$/.exec(key)?.[1];
  if (module !== undefined && !/(^|\.)(embed_tokens|lm_head)$/.test(module)) return module;
  throw new MarginError(
    'bad-adapter',
    `${folder}: adapter_model.safetensors has the tensor ${key}; supported are LoRA matrices of the layers between embedding and head`,
  );
}

function settingsOf(json: Readonly<Record<string, unknown>>, file: string): LoraSettings {
  const {
    peft_type: type,
    r,
    lora_alpha: alpha,
    use_rslora: rslora,
    use_dora: dora,
    lora_dropout: dropout,
    target_modules: targets,
  } = json;
  if (type !== 'LORA' || dora === true)
    throw new MarginError(
      'bad-adapter',
      `${file}: only plain LoRA adapters are supported, found ${dora === true ? 'DoRA' : String(type)}`,
    );
  if (typeof r !== 'number' || !Number.isSafeInteger(r) || r < 1)
    throw new MarginError('bad-adapter', `${file}: "r" must be a whole number above 0, found ${JSON.stringify(r)}`);
  if (typeof alpha !== 'number')
    throw new MarginError('bad-adapter', `${file}: "lora_alpha" must be a number, found ${JSON.stringify(alpha)}`);
  if ((json.bias ?? 'none') !== 'none')
    throw new MarginError(
      'bad-adapter',
      `${file}: "bias" ${JSON.stringify(json.bias)} is not supported; supported is "none"`,
    );
  return {
    r,
    alpha,
    rslora: rslora === true,
    dropout: typeof dropout === 'number' ? dropout : 0,
    targets: Array.isArray(targets) ? targets.map(String) : typeof targets === 'string' ? targets : null,
    rankPattern: patternsOf(json, 'rank_pattern', file),
    alphaPattern: patternsOf(json, 'alpha_pattern', file),
    ...layersOf(json, file),
  };
}

const noPatterns: Readonly<Record<string, number>> = {};

function patternsOf(
  json: Readonly<Record<string, unknown>>,
  name: string,
  file: string,
): Readonly<Record<string, number>> {
  // An absent key, and null, mean no patterns.
  const patterns = json[name] ?? noPatterns;
  if (!isRecord(patterns))
    throw new MarginError(
      'bad-adapter',
      `${file}: "${name}" must be an object of numbers, found ${JSON.stringify(patterns)}`,
    );
  const count = Object.keys(patterns).length;
  if (count > maxPatterns)
    throw new MarginError('bad-adapter', `${file}: "${name}" has ${count} entries; Margin reads up to ${maxPatterns}`);
  return Object.fromEntries(
    Object.entries(patterns).map(([pattern, value]) => {
      if (typeof value !== 'number' || value <= 0)
        throw new MarginError(
          'bad-adapter',
          `${file}: "${name}" must hold numbers above 0; "${pattern}" is ${JSON.stringify(value)}`,
        );
      return [pattern, value];
    }),
  );
}

/** `layers_to_transform` and `layers_pattern`; PEFT allows one number or name in place of a list. */
function layersOf(
  { layers_to_transform: layers, layers_pattern: names }: Readonly<Record<string, unknown>>,
  file: string,
): Pick<LoraSettings, 'layersToTransform' | 'layersPattern'> {
  const listOf = (value: unknown): unknown[] | null =>
    value === null || value === undefined ? null : Array.isArray(value) ? value : [value];
  const numbers = listOf(layers);
  if (numbers?.some((layer) => !Number.isSafeInteger(layer)))
    throw new MarginError(
      'bad-adapter',
      `${file}: "layers_to_transform" must hold whole numbers, found ${JSON.stringify(layers)}`,
    );
  return { layersToTransform: numbers?.map(Number) ?? null, layersPattern: listOf(names)?.map(String) ?? null };
}

function checkModule(
  module: string,
  parameters: ReadonlyMap<string, Parameter>,
  settings: LoraSettings,
  checkpoint: Checkpoint,
  folder: string,
): void {
  const { inFeatures, outFeatures } = checkpoint.model.linears.get(module) ?? {};
  const r = loraRank(settings, module);
  // Of a module that the checkpoint does not have, both are undefined, and no shape fits.
  const expected = { A: [r, inFeatures], B: [outFeatures, r] } as const;
  for (const matrix of ['A', 'B'] as const) {
    const shape = parameters.get(loraKey(module, matrix))?.shape;
    if (shape?.join() !== expected[matrix].join()) {
      throw new MarginError(
        'bad-adapter',
        `${folder}: ${loraKey(module, matrix)} is [${shape?.join(', ') ?? 'missing'}], but ${checkpoint.folder} needs [${expected[matrix].join(', ')}]. Does the adapter belong to another model?`,
      );
    }
  }
}

/**
 * Writes an adapter in PEFT's format, as {@link readAdapter} reads it. Errors are Node's file errors.
 *
 * @param base the base model as adapter_config.json names it: a path, or a name on the Hub
 */
export async function writeAdapter(
  folder: string,
  { settings, modules, parameters, fanInFanOut }: Adapter,
  base: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), parameters.values());
  const config = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base,
    inference_mode: true,
    r: settings.r,
    lora_alpha: settings.alpha,
    lora_dropout: settings.dropout,
    target_modules: writtenTargets(settings.targets, modules),
    bias: 'none',
    fan_in_fan_out: fanInFanOut,
    init_lora_weights: true,
    use_rslora: settings.rslora,
    use_dora: false,
    modules_to_save: null,
    rank_pattern: settings.rankPattern ?? noPatterns,
    alpha_pattern: settings.alphaPattern ?? noPatterns,
    layers_to_transform: settings.layersToTransform ?? null,
    layers_pattern: settings.layersPattern ?? null,
  };
  await writeFile(join(folder, 'adapter_config.json'), `${JSON.stringify(config, null, 2)}\n`);
}

/** `target_modules` as PEFT saves it: as it was given, but "all-linear" and the default as the names they stand for. */
function writtenTargets(targets: LoraSettings['targets'], modules: readonly string[]): string | readonly string[] {
  if (targets !== null && targets !== 'all-linear') return targets;
  return [...new Set(modules.map((module) => module.slice(module.lastIndexOf('.') + 1)))].sort();
}
