import { open } from 'node:fs/promises';
import type { Dtype } from '../graph/tensor';
import { halfToFloat } from './halfFloat';
import type { Checkpoint, Parameter, StoredTensor } from './types';

/** A tensor's values as f32, read from its file. bf16 and f16 widen exactly. */
export async function readTensor({ name, file, offset, bytes, dtype, shape }: StoredTensor): Promise<Parameter> {
  const handle = await open(file, 'r');
  try {
    const raw = new Uint8Array(bytes);
    // One read call gives at most 2 GiB.
    for (let at = 0; at < bytes; ) at += (await handle.read(raw, at, Math.min(bytes - at, 2 ** 30), offset + at)).bytesRead;
    return { name, shape, data: widen(raw.buffer, dtype) };
  } finally {
    await handle.close();
  }
}

/** Every weight of a checkpoint in memory, for training all of them. */
export async function readWeights({ weights }: Checkpoint): Promise<Map<string, Parameter>> {
  const parameters = new Map<string, Parameter>();
  for (const stored of weights.values()) parameters.set(stored.name, await readTensor(stored));
  return parameters;
}

function widen(buffer: ArrayBuffer, dtype: Dtype): Float32Array {
  if (dtype === 'f32') return new Float32Array(buffer);
  const narrow = new Uint16Array(buffer);
  if (dtype === 'bf16') return new Float32Array(Uint32Array.from(narrow, (half) => half << 16).buffer);
  return Float32Array.from(narrow, halfToFloat);
}
