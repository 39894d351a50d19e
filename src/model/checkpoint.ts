import { join } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import type { Model } from './architectures/architecture';
import { parseModel, textName } from './config';
import { parseObject } from './fields';
import { readText, requireText } from './readText';
import { readSafetensorsHeader } from './safetensors';
import type { Checkpoint, StoredTensor } from './types';

/** config.json has a few KB; those of multimodal models have up to 100 KB. */
const maxConfigBytes = 1 << 20;
/** The index of a model of 1,000 shards and 100,000 tensors has about 10 MB. */
const maxIndexBytes = 1 << 26;

/**
 * Opens a checkpoint folder in Hugging Face's layout: reads config.json and the headers of model.safetensors, or of the
 * shards that model.safetensors.index.json names. It checks that every weight the config needs is there with its shape.
 * No weights are read.
 *
 * @throws MarginError `missing-file` | `missing-weight` | `bad-weight`, and those of {@link parseModel} and
 *   {@link readSafetensorsHeader}; each names the file and the field
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const configFile = join(folder, 'config.json');
  const config = await requireText(configFile, maxConfigBytes);
  // An unsupported config is reported before large headers are read.
  parseModel(config, configFile, new Set());
  const weights = new Map<string, StoredTensor>();
  for (const tensor of await storedTensors(folder)) {
    const name = textName(tensor.name);
    if (name === null) continue;
    const other = weights.get(name);
    if (other) throw new MarginError('bad-safetensors', `${name} is both in ${other.file} and in ${tensor.file}`);
    weights.set(name, { ...tensor, name });
  }
  const model = parseModel(config, configFile, new Set(weights.keys()));
  checkWeights(model, weights, folder);
  return { folder, model, weights };
}

/**
 * Every tensor in the files of a checkpoint, under its name in the file. For a multimodal model it includes the tensors
 * of the other models.
 *
 * @throws MarginError `bad-config` for a bad index, and those of {@link readSafetensorsHeader}
 */
export async function storedTensors(folder: string): Promise<StoredTensor[]> {
  const tensors: StoredTensor[] = [];
  // A loop, not `push(...)`: a call takes about 100,000 arguments at most.
  for (const file of await weightFiles(folder))
    for (const tensor of await readSafetensorsHeader(file)) tensors.push(tensor);
  return tensors;
}

async function weightFiles(folder: string): Promise<string[]> {
  const index = join(folder, 'model.safetensors.index.json');
  const indexText = await readText(index, maxIndexBytes);
  if (indexText === null) return [join(folder, 'model.safetensors')];
  const map = parseObject(indexText, index).weight_map;
  const names = typeof map === 'object' && map !== null ? Object.values(map).map(String) : [];
  // The index may come from anybody, so it must name files in its own folder.
  if (names.length === 0 || names.some((name) => !/^[^\\/]+\.safetensors$/.test(name))) {
    throw new MarginError('bad-config', `${index}: "weight_map" must name .safetensors files in the same folder`);
  }
  return [...new Set(names)].sort().map((name) => join(folder, name));
}

function checkWeights({ tensors }: Model, weights: ReadonlyMap<string, StoredTensor>, folder: string): void {
  for (const [name, expected] of tensors) {
    const stored = weights.get(name);
    if (!stored) {
      throw new MarginError(
        'missing-weight',
        `${folder}: its .safetensors files have no tensor ${name}. A file is missing, or config.json belongs to another model.`,
        { name },
      );
    }
    if (stored.shape.join() !== expected.join()) {
      throw new MarginError(
        'bad-weight',
        `${stored.file}: ${name} is [${stored.shape.join(', ')}], but config.json needs [${expected.join(', ')}]`,
        { name },
      );
    }
  }
}
