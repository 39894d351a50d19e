import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GraphError } from '../graph/graphError';
import { parseModelConfig, parseObject } from './config';
import { readSafetensorsHeader } from './safetensors';
import type { Checkpoint, StoredTensor } from './types';

/**
 * Opens a Hugging Face checkpoint folder: config.json and the headers of model.safetensors, or of the shards that
 * model.safetensors.index.json names.
 *
 * @throws GraphError naming file and field; `missing-file` | `missing-weight` and those of config and safetensors
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const configFile = join(folder, 'config.json');
  const config = parseModelConfig(await text(configFile), configFile);
  const files = await weightFiles(folder);
  const weights = new Map<string, StoredTensor>();
  for (const file of files) for (const tensor of await headerOf(file)) weights.set(tensor.name, tensor);
  for (const name of ['model.embed_tokens.weight', 'model.norm.weight']) {
    if (!weights.has(name)) throw new GraphError('missing-weight', `${folder}: no tensor ${name} in ${files.join(', ')}`);
  }
  const rows = weights.get('model.embed_tokens.weight')?.shape[0];
  if (rows !== config.vocabSize) {
    throw new GraphError('bad-config', `${configFile}: "vocab_size" is ${config.vocabSize}, but model.embed_tokens.weight has ${rows} rows`);
  }
  // The flag's default differs between classes, so an absent head counts as tied.
  const tiedHead = config.tiedHead || !weights.has('lm_head.weight');
  return { folder, config: { ...config, tiedHead }, weights };
}

async function weightFiles(folder: string): Promise<string[]> {
  const index = join(folder, 'model.safetensors.index.json');
  const indexText = await text(index).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (indexText === null) return [join(folder, 'model.safetensors')];
  const map = parseObject(indexText, index).weight_map;
  const names = typeof map === 'object' && map !== null ? Object.values(map).map(String) : [];
  // An index is a stranger's text: shards lie beside it and nowhere else.
  if (names.length === 0 || names.some((name) => /[\\/]/.test(name))) {
    throw new GraphError('bad-config', `${index}: "weight_map" must name files beside it`);
  }
  return [...new Set(names)].sort().map((name) => join(folder, name));
}

async function headerOf(file: string): Promise<StoredTensor[]> {
  return readSafetensorsHeader(file).catch((error: unknown) => {
    throw systemError(error, file);
  });
}

async function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw systemError(error, file);
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof GraphError && error.code === 'missing-file';
}

/** A missing file becomes a sentence; everything else stays what it is. */
function systemError(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return error;
  return new GraphError('missing-file', `${file} does not exist. A model folder holds config.json, model.safetensors and tokenizer.json.`, { file });
}
