import { readFileSync } from 'node:fs';
import { copyFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packPairs } from '../../../../src/engine/packPairs';
import { Program } from '../../../../src/engine/runtime';
import { openScoreSession } from '../../../../src/engine/scoreSession';
import { GraphWeights } from '../../../../src/engine/weights';
import { openCheckpoint } from '../../../../src/model/checkpoint';
import { refuseNotFinite } from '../../../../src/model/finite';
import { blockTypes, type BlockType } from '../../../../src/model/gguf/blocks';
import { convertedGguf } from '../../../../src/model/gguf/convert';
import { converted } from '../../../../src/model/gguf/tensors';
import { readTensor, readWeights } from '../../../../src/model/readWeights';
import { readSafetensorsHeader, writeSafetensors, writeTensors } from '../../../../src/model/safetensors';
import type { Checkpoint } from '../../../../src/model/types';
import { temporaryFolder } from '../../run/temporaryFolder';
import { failureOf, writeRaw } from '../files';

const folder = join('test', 'unit', 'model', 'gguf');
const golden = JSON.parse(readFileSync(join(folder, 'blocks.json'), 'utf8')) as Record<
  string,
  { raw: string; values: string }
>;
const names = Object.keys((JSON.parse(readFileSync(join(folder, 'models.json'), 'utf8')) as { logps: object }).logps);

/** The recorded blocks as a matrix of two rows, as the cache stores it; `like` decides how an embedding is stored. */
async function matrixOf(type: BlockType, like: string): Promise<Checkpoint> {
  const at = await temporaryFolder();
  const raw = Buffer.from(golden[type.name]?.raw ?? '', 'base64');
  await writeFile(join(at, 'blocks'), raw);
  const tensor = {
    name: like,
    file: join(at, 'blocks'),
    type,
    shape: [2, (raw.length / type.bytes / 2) * type.values],
    offset: 0,
    bytes: raw.length,
  };
  await writeTensors(join(at, 'model.safetensors'), converted(tensor, 'w', 'none', { heads: 1, kvHeads: 1 }));
  const weights = new Map(
    (await readSafetensorsHeader(join(at, 'model.safetensors'))).map((stored) => [stored.name, stored]),
  );
  const { model } = await openCheckpoint(join('media', 'sample', 'model'));
  return { folder: at, model, weights };
}

const bits = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);

describe.each([...blockTypes.values()])('a matrix of $name in the cache', (type) => {
  it.each(['blk.0.ffn_up.weight', 'token_embd.weight'])(
    'has, as %s, the values that ggml gives it, to the last bit, read and in a graph',
    async (like) => {
      const checkpoint = await matrixOf(type, like);
      const expected = new Float32Array(Uint8Array.from(Buffer.from(golden[type.name]?.values ?? '', 'base64')).buffer);
      const [stored] = checkpoint.weights.values();
      expect(stored?.dtype).toBe(
        { F32: 'f32', F16: 'f16', BF16: 'bf16' }[type.name] ??
          (type.name.startsWith('Q4') && like.startsWith('blk') ? (type.name === 'Q4_0' ? 'i4' : 'u4') : 'i8'),
      );
      if (stored) expect(bits((await readTensor(stored)).data)).toEqual(bits(expected));
      const program = await Program.compile({ values: new GraphWeights(checkpoint, null, new Map()).matrix('w') });
      const { values = new Float32Array() } = await program.run({});
      await program.release();
      expect(bits(values)).toEqual(bits(expected));
    },
  );
});

describe('a quantised model', () => {
  it.each(names)('%s gives the same bits as its values in f32', async (name) => {
    const own = await openCheckpoint(await convertedGguf(join(folder, `${name}.gguf`), await temporaryFolder()));
    expect([...own.weights.values()].some(({ quantised }) => quantised)).toBe(true);
    const wide = await temporaryFolder();
    await copyFile(join(own.folder, 'config.json'), join(wide, 'config.json'));
    await writeSafetensors(join(wide, 'model.safetensors'), (await readWeights(own)).values());
    const batch = packPairs([{ prompt: [3, 5, 7], chosen: [11, 13, 17, 19], rejected: [2, 4, 6, 8] }]);
    const results: Float32Array[] = [];
    for (const checkpoint of [own, await openCheckpoint(wide)]) {
      const session = await openScoreSession({ checkpoint, adapter: null });
      results.push((await session.score(batch)).tokenLogps);
      await session.release();
    }
    expect(results[0]).toEqual(results[1]);
    expect(results[0]?.every((logp) => logp < 0)).toBe(true);
  });

  it('of four bits takes at most a third more space than its blocks in the file', async () => {
    const q4k = [...blockTypes.values()].find(({ name }) => name === 'Q4_K');
    if (!q4k) throw new Error('Q4_K is gone');
    const { folder: at, weights } = await matrixOf(q4k, 'blk.0.ffn_up.weight');
    const data = (await stat(join(at, 'blocks'))).size;
    const [{ bytes = 0, quantised } = {}] = weights.values();
    expect((bytes + (quantised?.scale.bytes ?? 0) + (quantised?.minimum?.bytes ?? 0)) / data).toBeCloseTo(4 / 3, 6);
  });

  it('with a scale that is NaN is refused by the name of the matrix', async () => {
    const at = await temporaryFolder();
    await writeTensors(join(at, 'model.safetensors'), [
      { name: 'w', type: 'I8', shape: [1, 4], read: async () => Int8Array.of(1, 2, 3, 4) },
      { name: 'w.scale', type: 'F32', shape: [1, 2], read: async () => Float32Array.of(1, Number.NaN) },
    ]);
    const weights = new Map(
      (await readSafetensorsHeader(join(at, 'model.safetensors'))).map((stored) => [stored.name, stored]),
    );
    expect(await failureOf(refuseNotFinite({ weights }))).toMatchObject({
      code: 'bad-weight',
      message: expect.stringMatching(/w\.scale holds a NaN .* element 1/),
    });
  });

  it.each([
    ['of another number of rows', [2, 2], 'F32'],
    ['that do not divide a row', [1, 3], 'F32'],
    ['of no group', [1, 0], 'F32'],
    ['in 16 bits', [1, 4], 'F16'],
  ])('with scales %s is refused', async (_, shape, dtype) => {
    const file = join(await temporaryFolder(), 'model.safetensors');
    const bytes = shape.reduce((a, b) => a * b, dtype === 'F32' ? 4 : 2);
    await writeRaw(file, {
      header: {
        w: { dtype: 'I8', shape: [1, 4], data_offsets: [0, 4] },
        'w.scale': { dtype, shape, data_offsets: [4, 4 + bytes] },
      },
      dataBytes: 4 + bytes,
    });
    expect(await failureOf(readSafetensorsHeader(file))).toMatchObject({
      code: 'bad-safetensors',
      message: expect.stringContaining('the scales of w [1, 4] do not fit it'),
    });
  });
});
