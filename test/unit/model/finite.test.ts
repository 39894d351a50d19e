import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { refuseNotFinite } from '../../../src/model/finite';
import type { Checkpoint } from '../../../src/model/types';
import { temporaryFolder } from '../run/temporaryFolder';
import { failureOf } from './files';

const sample = join('media', 'sample', 'model');

/** A checkpoint of one tensor with these bits. */
async function checkpointOf(dtype: 'f32' | 'f16' | 'bf16', words: readonly number[]): Promise<Checkpoint> {
  const file = join(await temporaryFolder(), 'model.safetensors');
  const data = dtype === 'f32' ? Uint32Array.from(words) : Uint16Array.from(words);
  const handle = await open(file, 'w');
  await handle.write(new Uint8Array(data.buffer), 0, data.byteLength, 2);
  await handle.close();
  const { model } = await openCheckpoint(sample);
  return {
    folder: '',
    model,
    weights: new Map([['w', { name: 'w', dtype, shape: [words.length], file, offset: 2, bytes: data.byteLength }]]),
  };
}

describe('weights', () => {
  it('of a valid model pass', async () => {
    await refuseNotFinite(await openCheckpoint(sample));
    await refuseNotFinite(await checkpointOf('f32', [0x7f7fffff, 0xff7fffff, 0, 1]));
    await refuseNotFinite(await checkpointOf('bf16', [0x7f7f, 0xff7f, 0, 1]));
    await refuseNotFinite(await checkpointOf('f16', [0x7bff, 0xfbff, 0, 1]));
  });

  it.each([
    ['f32', 'NaN', 0x7fc00000],
    ['f32', 'infinity', 0xff800000],
    ['bf16', 'NaN', 0xffc1],
    ['bf16', 'infinity', 0x7f80],
    ['f16', 'NaN', 0x7e00],
    ['f16', 'infinity', 0xfc00],
  ] as const)('in %s with one %s are refused, and the message names tensor and element', async (dtype, _, word) => {
    const failure = await failureOf(checkpointOf(dtype, [0, 1, word, 3]).then(refuseNotFinite));
    expect(failure).toMatchObject({
      code: 'bad-weight',
      message: expect.stringContaining('w holds a NaN or an infinity at element 2'),
    });
  });
});
