import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packPairs } from '../../../src/engine/packPairs';
import { openScoreSession } from '../../../src/engine/scoreSession';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { readWeights } from '../../../src/model/readWeights';
import { writeSafetensors } from '../../../src/model/safetensors';
import type { Checkpoint, Parameter } from '../../../src/model/types';
import { temporaryFolder } from '../run/temporaryFolder';
import { architectureNames, checkpointOf, readArchitecture } from './architectureGoldens';

const batch = packPairs([{ prompt: [3, 5, 7], chosen: [11, 13, 17, 19, 23, 29, 31], rejected: [2, 4, 6, 8] }]);

async function logps(checkpoint: Checkpoint): Promise<Float32Array> {
  const session = await openScoreSession({ checkpoint, adapter: null });
  const { tokenLogps } = await session.score(batch);
  await session.release();
  return tokenLogps;
}

/** A bf16 is the upper half of an f32. An f16 has five bits of exponent, which is enough for weights. */
const narrow: Readonly<Record<'BF16' | 'F16', (bits: number) => number>> = {
  BF16: (bits) => bits >>> 16,
  F16: (bits) => {
    const exponent = ((bits >>> 23) & 255) - 112;
    return exponent <= 0
      ? (bits >>> 16) & 0x8000
      : ((bits >>> 16) & 0x8000) | (exponent << 10) | ((bits >>> 13) & 1023);
  },
};

/** The same model with 16-bit weights, truncated and not rounded. */
async function narrowed(config: object, weights: Iterable<Parameter>, dtype: 'BF16' | 'F16'): Promise<Checkpoint> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  let end = 0;
  const [parts, header]: [Buffer[], Record<string, object>] = [[], {}];
  for (const { name, shape, data } of weights) {
    const words = Uint16Array.from(new Uint32Array(data.buffer, data.byteOffset, data.length), narrow[dtype]);
    parts.push(Buffer.from(words.buffer));
    header[name] = { dtype, shape, data_offsets: [end, (end += words.byteLength)] };
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  await writeFile(join(folder, 'model.safetensors'), Buffer.concat([length, text, ...parts]));
  return openCheckpoint(folder);
}

describe.each(['BF16', 'F16'] as const)('weights stored in %s', (dtype) => {
  it.each(architectureNames)('give %s the same bits as the same values in f32', async (name) => {
    const golden = readArchitecture(name);
    const wide = await readWeights(await checkpointOf(golden.config5, golden));
    const checkpoint = await narrowed(golden.config5, wide.values(), dtype);
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'config.json'), JSON.stringify(golden.config5));
    await writeSafetensors(join(folder, 'model.safetensors'), (await readWeights(checkpoint)).values());
    const ours = await logps(checkpoint);
    expect(ours.every((logp) => logp < 0)).toBe(true);
    expect(ours).toEqual(await logps(await openCheckpoint(folder)));
  });
});
