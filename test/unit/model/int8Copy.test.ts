import { readdir, stat, truncate } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { int8CopyBytes, int8Copy, type Int8Matrix } from '../../../src/model/int8Copy';
import { readBytes, readTensor } from '../../../src/model/readWeights';
import { temporaryFolder } from '../run/temporaryFolder';

const sample = () => openCheckpoint('media/sample/model');

async function valuesOf({
  file,
  rows,
  blocks,
  block,
  numbers,
  scales,
}: Int8Matrix): Promise<{ value: Float32Array; scale: Float32Array }> {
  const q = await readBytes({ file, offset: numbers, bytes: rows * blocks * block });
  const scale = new Float32Array((await readBytes({ file, offset: scales, bytes: rows * blocks * 4 })).buffer);
  return { value: Float32Array.from(q, (number, i) => (number - 128) * (scale[Math.floor(i / block)] ?? 0)), scale };
}

describe('an 8-bit copy', () => {
  it('differs by at most half a step of its block, in every matrix', async () => {
    const checkpoint = await sample();
    const copies = await int8Copy(checkpoint, await temporaryFolder());
    expect([...copies.keys()].sort()).toEqual(
      [...checkpoint.model.tensors]
        .filter(([, { length }]) => length > 1)
        .map(([name]) => name)
        .sort(),
    );
    for (const [name, matrix] of copies) {
      const stored = checkpoint.weights.get(name);
      const { data } = stored ? await readTensor(stored) : { data: new Float32Array() };
      const { value, scale } = await valuesOf(matrix);
      const farthest = data.reduce(
        (most, weight, i) =>
          Math.max(most, Math.abs(weight - (value[i] ?? Number.NaN)) / (scale[Math.floor(i / matrix.block)] ?? 0)),
        0,
      );
      expect(farthest, name).toBeGreaterThan(0.4);
      expect(farthest, name).toBeLessThan(0.5001);
    }
  });

  it('has the announced size', async () => {
    const checkpoint = await sample();
    const [matrix] = (await int8Copy(checkpoint, await temporaryFolder())).values();
    expect((await stat(matrix?.file ?? '')).size).toBe(int8CopyBytes(checkpoint));
  });

  it('is made once', async () => {
    const [checkpoint, folder] = [await sample(), await temporaryFolder()];
    const [matrix] = (await int8Copy(checkpoint, folder)).values();
    await truncate(matrix?.file ?? '', 1);
    await int8Copy(checkpoint, folder);
    expect((await stat(matrix?.file ?? '')).size).toBe(1);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('is not possible for a model whose rows are not whole blocks', async () => {
    const { model, ...rest } = await sample();
    expect(int8CopyBytes({ ...rest, model: { ...model, hiddenSize: 48 } })).toBeNull();
  });
});
