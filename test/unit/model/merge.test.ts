import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packPairs } from '../../../src/engine/packPairs';
import { openScoreSession } from '../../../src/engine/scoreSession';
import { openCheckpoint, storedTensors } from '../../../src/model/checkpoint';
import { floatToBfloat } from '../../../src/model/halfFloat';
import { mergedTensors } from '../../../src/model/merge';
import { readTensor } from '../../../src/model/readWeights';
import { writeSafetensors, writeTensors } from '../../../src/model/safetensors';
import type { Adapter, Checkpoint, StoredTensor } from '../../../src/model/types';
import { architectureNames, checkpointOf, readArchitecture } from '../engine/architectureGoldens';
import { temporaryFolder } from '../run/temporaryFolder';
import { failureOf } from './files';
import { seededAdapter } from './seededAdapter';

async function merged(
  checkpoint: Checkpoint,
  adapter: Adapter | null,
  dtype: 'f16' | 'bf16' | null = null,
): Promise<string> {
  const folder = await temporaryFolder();
  await copyFile(join(checkpoint.folder, 'config.json'), join(folder, 'config.json'));
  await writeTensors(
    join(folder, 'model.safetensors'),
    mergedTensors(await storedTensors(checkpoint.folder), checkpoint, adapter, dtype),
  );
  return folder;
}

async function logps(checkpoint: Checkpoint, adapter: Adapter | null, name: string): Promise<Float32Array> {
  const session = await openScoreSession({ checkpoint, adapter });
  const { tokenLogps } = await session.score(packPairs(readArchitecture(name).pairs));
  await session.release();
  return tokenLogps;
}

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? Number.NaN))), 0);

describe('a merged model', () => {
  it.each(architectureNames)(
    'of %s gives the log-probs of base and adapter, also where ranks and scales differ between layers',
    async (name) => {
      const golden = readArchitecture(name);
      const base = await checkpointOf(golden.config5, golden);
      const adapter = seededAdapter(base);
      const expected = await logps(base, adapter, name);
      expect(largest(expected, await logps(base, null, name))).toBeGreaterThan(0.01);
      expect(
        largest(expected, await logps(await openCheckpoint(await merged(base, adapter)), null, name)),
      ).toBeLessThan(5e-5);
    },
  );

  it('keeps the names of the files, and the bytes of all weights that the adapter does not change', async () => {
    const golden = readArchitecture('llama');
    const base = await checkpointOf(golden.config5, golden);
    const adapter = seededAdapter(base);
    const [before, after] = [await storedTensors(base.folder), await storedTensors(await merged(base, adapter))];
    expect(after.map(({ name }) => name)).toEqual(before.map(({ name }) => name));
    const touched = new Set(adapter.modules.map((module) => `${module}.weight`));
    for (const [i, tensor] of before.entries()) {
      const same = (await readTensor(tensor)).data.join() === (await readTensor(after[i] ?? tensor)).data.join();
      expect([tensor.name, same]).toEqual([tensor.name, !touched.has(tensor.name)]);
    }
  });

  it('in bfloat16 has the sums in f32, rounded', async () => {
    const golden = readArchitecture('gpt2');
    const base = await checkpointOf(golden.config5, golden);
    const adapter = seededAdapter(base);
    const [whole, narrow] = [
      await storedTensors(await merged(base, adapter)),
      await storedTensors(await merged(base, adapter, 'bf16')),
    ];
    expect(new Set(narrow.map(({ dtype }) => dtype))).toEqual(new Set(['bf16']));
    const bits = async (tensor: StoredTensor): Promise<number[]> =>
      Array.from((await readTensor(tensor)).data, floatToBfloat);
    for (const [i, tensor] of narrow.entries())
      expect(await bits(tensor), tensor.name).toEqual(await bits(whole[i] ?? tensor));
  });

  it('is refused in float16 where a weight is beyond its range', async () => {
    const golden = readArchitecture('llama');
    const base = await checkpointOf(golden.config5, golden);
    const weights = await Promise.all((await storedTensors(base.folder)).map(readTensor));
    weights.find(({ name }) => name === 'model.norm.weight')?.data.fill(70_000, 3, 4);
    await writeSafetensors(join(base.folder, 'model.safetensors'), weights);
    expect(await failureOf(merged(base, null, 'f16'))).toMatchObject({
      code: 'bad-weight',
      message: 'model.norm.weight holds 70000, which is beyond the range of float16; choose another type',
    });
  });

  it('is written in pieces, so it is never in memory at once', async () => {
    const folder = await temporaryFolder();
    await writeSafetensors(join(folder, 'model.safetensors'), [
      { name: 'big', shape: [5000, 2000], data: new Float32Array(1e7).fill(0.5) },
    ]);
    const golden = readArchitecture('llama');
    const base = await checkpointOf(golden.config5, golden);
    const sizes: number[] = [];
    for (const { read } of mergedTensors(await storedTensors(folder), base, null, 'f16'))
      for await (const piece of read()) sizes.push(piece.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2e7);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 ** 23);
  });
});
