import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTensor } from '../../../src/model/readWeights';
import { readSafetensorsHeader } from '../../../src/model/safetensors';
import { writeShards } from '../../../src/model/shards';
import { temporaryFolder } from '../run/temporaryFolder';

/** Tensors of these sizes; all values of tensor i are i. */
const tensors = (...sizes: readonly number[]): Parameters<typeof writeShards>[1] =>
  sizes.map((size, i) => ({
    name: `t${i}`,
    type: 'F32',
    shape: [size],
    read: async () => new Float32Array(size).fill(i),
  }));

describe('weights in files of a limited size', () => {
  it('are in one file without an index if they fit', async () => {
    const folder = await temporaryFolder();
    await writeShards(folder, tensors(10, 10), 80);
    expect(await readdir(folder)).toEqual(['model.safetensors']);
  });

  it('continue in the next file at the limit; a tensor above it has its own file; the index names all', async () => {
    const folder = await temporaryFolder();
    await writeShards(folder, tensors(10, 10, 30, 5, 5, 11), 80);
    const names = [1, 2, 3, 4].map((n) => `model-0000${n}-of-00004.safetensors`);
    expect((await readdir(folder)).sort()).toEqual([...names, 'model.safetensors.index.json']);
    const index = JSON.parse(await readFile(join(folder, 'model.safetensors.index.json'), 'utf8')) as unknown;
    expect(index).toEqual({
      metadata: { total_size: 284 },
      weight_map: { t0: names[0], t1: names[0], t2: names[1], t3: names[2], t4: names[2], t5: names[3] },
    });
    for (const name of names) {
      for (const stored of await readSafetensorsHeader(join(folder, name)))
        expect([...new Set((await readTensor(stored)).data)]).toEqual([Number(stored.name.slice(1))]);
    }
  });
});
