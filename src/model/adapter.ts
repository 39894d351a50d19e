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
/** One for each kind of layer is usual, one for each of 1,000 layers' modules is thinkable. */
const maxPatterns = 10_000;

/**
 * A PEFT LoRA adapter: adapter_config.json and adapter_model.safetensors (peft
 * `docs/source/developer_guides/checkpoint.md`).
 *
 * @throws MarginError `missing-file`; `bad-adapter` where a matrix is missing or unknown, or does not fit the
 *   checkpoint
 */
export async function readAdapter(folder: string, checkpoint: Checkpoint): Promise<Adapter> {
  const file = join(folder, 'adapter_config.json');
  const settings = settingsOf(parseObject(await requireText(file, maxConfigBytes), file), file);
  const stored = await readSafetensorsHeader(join(folder, 'adapter_model.safetensors'));
  const parameters = new Map<string, Parameter>();
  for (const tensor of stored) parameters.set(tensor.name, await readTensor(tensor));
  const modules = [...new Set([...parameters.keys()].map((key) => moduleOf(key, folder)))];
  if (modules.length === 0)
    throw new MarginError('bad-adapter', `${folder}: adapter_model.safetensors holds no tensor`);
  modules.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  await refuseNotFinite({ weights: new Map(stored.map((tensor) => [tensor.name, tensor])) });
  for (const module of modules) checkModule(module, parameters, settings, checkpoint, folder);
  return { settings, modules, parameters, fanInFanOut: storedTransposed(checkpoint, modules) };
}

function moduleOf(key: string, folder: string): string {
  const module = /^base_model\.model\.(.+)\.lora_[AB]\.weight$/.exec(key)?.[1];
  if (module !== undefined && !/(^|\.)(embed_tokens|lm_head)$/.test(module)) return module;
  throw new MarginError(
    'bad-adapter',
    `${folder}: adapter_model.safetensors holds ${key}; supported are LoRA matrices of the layers between embedding and head`,
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

function patternsOf(
  json: Readonly<Record<string, unknown>>,
  name: string,
  file: string,
): Readonly<Record<string, number>> {
  const patterns = json[name] ?? {};
  if (!isRecord(patterns))
    throw new MarginError(
      'bad-adapter',
      `${file}: "${name}" must be a table of numbers, found ${JSON.stringify(patterns)}`,
    );
  const count = Object.keys(patterns).length;
  if (count > maxPatterns)
    throw new MarginError(
      'bad-adapter',
      `${file}: "${name}" has ${count} entries; no adapter has more than ${maxPatterns}`,
    );
  return Object.fromEntries(
    Object.entries(patterns).map(([pattern, value]) => {
      if (typeof value !== 'number' || value <= 0)
        throw new MarginError(
          'bad-adapter',
          `${file}: "${name}" gives "${pattern}" ${JSON.stringify(value)}, which is no number above 0`,
        );
      return [pattern, value];
    }),
  );
}

/** PEFT takes one number or name where a list of them may stand. */
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
  const expected = { A: [r, inFeatures], B: [outFeatures, r] } as const;
  for (const matrix of ['A', 'B'] as const) {
    const shape = parameters.get(loraKey(module, matrix))?.shape;
    if (shape?.join() !== expected[matrix].join()) {
      throw new MarginError(
        'bad-adapter',
        `${folder}: ${loraKey(module, matrix)} is [${shape?.join(', ') ?? 'missing'}], but ${checkpoint.folder} needs [${expected[matrix].join(', ')}]. Is it an adapter of another model?`,
      );
    }
  }
}

/** Writes the adapter so that `peft` loads it. */
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
    rank_pattern: settings.rankPattern ?? {},
    alpha_pattern: settings.alphaPattern ?? {},
    layers_to_transform: settings.layersToTransform ?? null,
    layers_pattern: settings.layersPattern ?? null,
  };
  await writeFile(join(folder, 'adapter_config.json'), `${JSON.stringify(config, null, 2)}\n`);
}

/** What was asked for, as PEFT saves it; "all-linear" and defaults as the names that they came to. */
function writtenTargets(targets: LoraSettings['targets'], modules: readonly string[]): string | readonly string[] {
  if (targets !== null && targets !== 'all-linear') return targets;
  return [...new Set(modules.map((module) => module.slice(module.lastIndexOf('.') + 1)))].sort();
}
