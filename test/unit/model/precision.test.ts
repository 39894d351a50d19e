import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { convertedGguf } from '../../../src/model/gguf/convert';
import { inPrecision } from '../../../src/model/precision';
import { readTensor, readWeights } from '../../../src/model/readWeights';
import type { Checkpoint } from '../../../src/model/types';
import { copyOf, failureOf } from './files';
import { temporaryFolder } from '../run/temporaryFolder';
import { writeSafetensors } from '../../../src/model/safetensors';

const sample = join('media', 'sample', 'model');

async function valuesOf(checkpoint: Checkpoint): Promise<Map<string, Float32Array>> {
  return new Map([...(await readWeights(checkpoint))].map(([name, { data }]) => [name, data]));
}

describe('a model in another precision', () => {
  it('is the checkpoint itself if no precision is given, or the checkpoint has it already', async () => {
    const checkpoint = await openCheckpoint(sample);
    expect(await inPrecision(checkpoint, null, 'nowhere')).toBe(checkpoint);
    expect(await inPrecision(checkpoint, 'f32', 'nowhere')).toBe(checkpoint);
  });

  it('in f32 has the exact values of its quantised weights, and is written once', async () => {
    const cache = await temporaryFolder();
    const narrow = await openCheckpoint(
      await convertedGguf(join('test', 'unit', 'model', 'gguf', 'llama.gguf'), await temporaryFolder()),
    );
    const wide = await inPrecision(narrow, 'f32', cache);
    expect(
      [...wide.weights.values()].every(
        ({ dtype, quantised, file }) => dtype === 'f32' && !quantised && file.startsWith(cache),
      ),
    ).toBe(true);
    expect(await valuesOf(wide)).toEqual(await valuesOf(narrow));
    expect(wide.folder, 'the folder that an adapter names as its base').toBe(narrow.folder);
    const [again] = (await inPrecision(narrow, 'f32', cache)).weights.values();
    expect(again?.file).toBe([...wide.weights.values()][0]?.file);
    expect(await readdir(cache)).toHaveLength(1);
  });

  it.each([
    ['bf16', 2 ** -8],
    ['f16', 2 ** -11],
  ] as const)('in %s is rounded to the nearest, and half the size', async (precision, step) => {
    const checkpoint = await openCheckpoint(sample);
    const narrow = await inPrecision(checkpoint, precision, await temporaryFolder());
    expect([...narrow.weights.values()].map(({ dtype, bytes }) => [dtype, bytes])).toEqual(
      [...narrow.weights.keys()].map((name) => [precision, (checkpoint.weights.get(name)?.bytes ?? 0) / 2]),
    );
    const before = await valuesOf(checkpoint);
    for (const [name, values] of await valuesOf(narrow)) {
      // Below 2⁻¹⁴ halves are 2⁻²⁴ apart, so the error is up to 2⁻²⁵.
      const off = values.findIndex(
        (value, i) =>
          Math.abs(value - (before.get(name)?.[i] ?? Number.NaN)) > Math.max(step * Math.abs(value), 2 ** -25),
      );
      expect(off, `${name}: ${values[off]} for ${before.get(name)?.[off]}`).toBe(-1);
    }
  });

  it('in f16 is refused where a weight is beyond its range: the message names it, and no file is left', async () => {
    const [folder, cache] = [await copyOf(sample), await temporaryFolder()];
    const weights = [...(await openCheckpoint(folder)).weights.values()];
    const parameters = await Promise.all(weights.map(readTensor));
    parameters[0]?.data.fill(1e6, 0, 1);
    await writeSafetensors(join(folder, 'model.safetensors'), parameters);
    expect(
      await failureOf(openCheckpoint(folder).then((checkpoint) => inPrecision(checkpoint, 'f16', cache))),
    ).toMatchObject({
      code: 'bad-weight',
      message: expect.stringContaining(`${parameters[0]?.name} holds 1000000, which is beyond the range of float16`),
    });
    expect(await readdir(cache)).toEqual([]);
  });
});
