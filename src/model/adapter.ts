import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GraphError } from '../graph/graphError';
import { parseObject } from './fields';
import { loraKey } from './lora';
import { readTensor } from './readWeights';
import { requireText } from './readText';
import { readSafetensorsHeader, writeSafetensors } from './safetensors';
import type { Adapter, Checkpoint, LoraSettings, Parameter } from './types';

/** adapter_config.json has about 1 KB, more with a long list of target modules. */
const maxConfigBytes = 1 << 20;

/**
 * A PEFT LoRA adapter: adapter_config.json and adapter_model.safetensors (peft `docs/source/developer_guides/checkpoint.md`).
 *
 * @throws GraphError `missing-file`; `bad-adapter` where a matrix is missing or unknown, or does not fit the checkpoint
 */
export async function readAdapter(folder: string, checkpoint: Checkpoint): Promise<Adapter> {
  const file = join(folder, 'adapter_config.json');
  const settings = settingsOf(parseObject(await requireText(file, maxConfigBytes), file), file);
  const stored = await readSafetensorsHeader(join(folder, 'adapter_model.safetensors'));
  const parameters = new Map<string, Parameter>();
  for (const tensor of stored) parameters.set(tensor.name, await readTensor(tensor));
  const modules = [...new Set([...parameters.keys()].map((key) => moduleOf(key, folder)))];
  if (modules.length === 0) throw new GraphError('bad-adapter', `${folder}: adapter_model.safetensors holds no tensor`);
  modules.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  for (const module of modules) checkModule(module, parameters, settings, checkpoint, folder);
  return { settings, modules, parameters };
}

function moduleOf(key: string, folder: string): string {
  const module = /^base_model\.model\.(.+)\.lora_[AB]\.weight$/.exec(key)?.[1];
  if (module !== undefined && !/(^|\.)(embed_tokens|lm_head)$/.test(module)) return module;
  throw new GraphError('bad-adapter', `${folder}: adapter_model.safetensors holds ${key}; supported are LoRA matrices of the layers between embedding and head`);
}

function settingsOf(json: Readonly<Record<string, unknown>>, file: string): LoraSettings {
  const { peft_type: type, r, lora_alpha: alpha, use_rslora: rslora, use_dora: dora, lora_dropout: dropout, target_modules: targets } = json;
  if (type !== 'LORA' || dora === true) throw new GraphError('bad-adapter', `${file}: only plain LoRA adapters are supported, found ${dora === true ? 'DoRA' : String(type)}`);
  if (typeof r !== 'number' || !Number.isSafeInteger(r) || r < 1) throw new GraphError('bad-adapter', `${file}: "r" must be a whole number above 0, found ${JSON.stringify(r)}`);
  if (typeof alpha !== 'number') throw new GraphError('bad-adapter', `${file}: "lora_alpha" must be a number, found ${JSON.stringify(alpha)}`);
  if ((json.bias ?? 'none') !== 'none') throw new GraphError('bad-adapter', `${file}: "bias" ${JSON.stringify(json.bias)} is not supported; supported is "none"`);
  for (const pattern of ['rank_pattern', 'alpha_pattern']) {
    const value = json[pattern];
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) throw new GraphError('bad-adapter', `${file}: "${pattern}" is not supported yet`);
  }
  return {
    r,
    alpha,
    rslora: rslora === true,
    dropout: typeof dropout === 'number' ? dropout : 0,
    targets: Array.isArray(targets) ? targets.map(String) : 'all-linear',
  };
}

function checkModule(module: string, parameters: ReadonlyMap<string, Parameter>, { r }: LoraSettings, checkpoint: Checkpoint, folder: string): void {
  const { inner, out } = checkpoint.model.linears.get(module) ?? {};
  const expected = { A: [r, inner], B: [out, r] } as const;
  for (const matrix of ['A', 'B'] as const) {
    const shape = parameters.get(loraKey(module, matrix))?.shape;
    if (shape?.join() !== expected[matrix].join()) {
      throw new GraphError(
        'bad-adapter',
        `${folder}: ${loraKey(module, matrix)} is [${shape?.join(', ') ?? 'missing'}], but ${checkpoint.folder} needs [${expected[matrix].join(', ')}]. Is it an adapter of another model?`,
      );
    }
  }
}

/** Writes the adapter so that `peft` loads it. */
export async function writeAdapter(folder: string, { settings, modules, parameters }: Adapter, base: string): Promise<void> {
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
    target_modules: [...new Set(modules.map((module) => module.slice(module.lastIndexOf('.') + 1)))].sort(),
    bias: 'none',
    fan_in_fan_out: false,
    init_lora_weights: true,
    use_rslora: settings.rslora,
    use_dora: false,
    modules_to_save: null,
    rank_pattern: {},
    alpha_pattern: {},
  };
  await writeFile(join(folder, 'adapter_config.json'), `${JSON.stringify(config, null, 2)}\n`);
}
