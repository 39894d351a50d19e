import { expect } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TokenizedPair } from '../../../src/engine/types';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { parseModel } from '../../../src/model/config';
import { writeSafetensors } from '../../../src/model/safetensors';
import type { Checkpoint } from '../../../src/model/types';
import { temporaryFolder } from '../run/temporaryFolder';
import { seededWeight } from './seededWeights';

/** Results of `transformers` for a small random model, recorded by `test/peer/models/architectures.py`. */
export interface ArchitectureGolden {
  /** config.json in the format of transformers 4 and of transformers 5. */
  readonly config4: Readonly<Record<string, unknown>>;
  readonly config5: Readonly<Record<string, unknown>>;
  readonly pairs: readonly TokenizedPair[];
  readonly logps: readonly { readonly chosen: readonly number[]; readonly rejected: readonly number[] }[];
  readonly greedy: readonly number[];
  readonly full: Readonly<Record<string, readonly [number, number]>>;
  readonly lora: Readonly<Record<string, string>>;
}

const folder = join('test', 'unit', 'engine', 'goldens');
export const architectureNames = readdirSync(folder).map((file) => basename(file, '.json'));

export function readArchitecture(name: string): ArchitectureGolden {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as ArchitectureGolden;
}

/** The model of a golden file, with weights made from their names. Call it inside a test, which deletes the folder. */
export async function checkpointOf(
  config: ArchitectureGolden['config4'],
  { full }: ArchitectureGolden,
): Promise<Checkpoint> {
  const [text, at] = [JSON.stringify(config), await temporaryFolder()];
  const { tensors, modelType } = parseModel(text, 'config.json', new Set(Object.keys(full)));
  expect([...tensors.keys()].sort()).toEqual(Object.keys(full).sort());
  const aroundOne = (name: string): boolean => name.endsWith('.weight') && !modelType.startsWith('gemma');
  const weights = [...tensors].map(([name, shape]) => ({
    name,
    shape,
    data: seededWeight(name, shape, aroundOne(name)),
  }));
  await writeFile(join(at, 'config.json'), text);
  await writeSafetensors(join(at, 'model.safetensors'), weights);
  return openCheckpoint(at);
}
