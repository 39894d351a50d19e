import { join } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import type { Model } from './architectures/architecture';
import { parseModel, textName } from './config';
import { parseObject } from './fields';
import { readText, requireText } from './readText';
import { readSafetensorsHeader } from './safetensors';
import type { Checkpoint, StoredTensor } from './types';

/** config.json files have a few KB; the longest known, of multimodal models, tens of them. */
const maxConfigBytes = 1 << 20;
/** The index of a model of 1,000 shards and 100,000 tensors has about 10 MB. */
const maxIndexBytes = 1 << 26;

/**
 * Opens a Hugging Face checkpoint folder: config.json and the headers of model.safetensors, or of the shards that
 * model.safetensors.index.json names. Weights stay in their files; that all are there with the shapes of the config is
 * checked here, so that no graph is built on what is not.
 *
 * @throws MarginError naming file and field; `missing-file` | `missing-weight` | `bad-weight` and those of config and
 *   safetensors
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const configFile = join(folder, 'config.json');
  const config = await requireText(configFile, maxConfigBytes);
  // A config of no use is said before a gigabyte's header is looked at.
  parseModel(config, configFile, new Set());
  const weights = new Map<string, StoredTensor>();
  for (const tensor of await storedTensors(folder)) {
    const name = textName(tensor.name);
    if (name === null) continue;
    const other = weights.get(name);
    if (other) throw new MarginError('bad-safetensors', `${name} stands in both ${other.file} and ${tensor.file}`);
    weights.set(name, { ...tensor, name });
  }
  const model = parseModel(config, configFile, new Set(weights.keys()));
  checkWeights(model, weights, folder);
  return { folder, model, weights };
}

/**
 * Every tensor in a checkpoint's files, under the names it has there: those of a multimodal model's other parts too.
 */
export async function storedTensors(folder: string): Promise<StoredTensor[]> {
  const tensors: StoredTensor[] = [];
  // Not spread into `push`: a call takes some 100,000 arguments at most.
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
  // An index is a stranger's text: shards lie beside it and nowhere else.
  if (names.length === 0 || names.some((name) => !/^[^\\/]+\.safetensors$/.test(name))) {
    throw new MarginError('bad-config', `${index}: "weight_map" must name .safetensors files beside it`);
  }
  return [...new Set(names)].sort().map((name) => join(folder, name));
}

function checkWeights({ tensors }: Model, weights: ReadonlyMap<string, StoredTensor>, folder: string): void {
  for (const [name, expected] of tensors) {
    const stored = weights.get(name);
    if (!stored) {
      throw new MarginError(
        'missing-weight',
        `${folder}: no tensor ${name} in its .safetensors files. A file is missing, or config.json belongs to another model.`,
        { name },
      );
    }
    if (stored.shape.join() !== expected.join()) {
      throw new MarginError(
        'bad-weight',
        `${stored.file}: ${name} is [${stored.shape.join(', ')}], but config.json asks for [${expected.join(', ')}]`,
        { name },
      );
    }
  }
}
