import { open } from 'node:fs/promises';
import { GraphError } from '../graph/graphError';
import type { Dtype } from '../graph/tensor';
import type { Checkpoint, StoredTensor } from './types';

/** Read at a time: large enough for the disk, small beside any model. */
const chunkBytes = 1 << 24;

/** Bits of the exponent, all of them set in infinities and NaN only. */
const exponents: Readonly<Partial<Record<Dtype, number>>> = { f32: 0x7f800000, f16: 0x7c00, bf16: 0x7f80 };

/**
 * A checkpoint with a NaN or an infinity in it makes every number NaN, steps later and far from the cause.
 *
 * @throws GraphError `bad-weight` naming file and tensor
 */
export async function refuseNotFinite({ weights }: Pick<Checkpoint, 'weights'>): Promise<void> {
  for (const tensor of weights.values()) {
    const { scale, minimum } = tensor.quantised ?? { scale: tensor, minimum: null };
    for (const part of [scale, minimum]) if (part) await checkTensor(part);
  }
}

async function checkTensor({ name, file, dtype, offset, bytes }: StoredTensor): Promise<void> {
  const mask = exponents[dtype] ?? 0;
  const handle = await open(file, 'r');
  try {
    const buffer = new ArrayBuffer(Math.min(bytes, chunkBytes));
    for (let at = 0; at < bytes; at += buffer.byteLength) {
      const { bytesRead } = await handle.read(new Uint8Array(buffer), 0, Math.min(bytes - at, buffer.byteLength), offset + at);
      const words = dtype === 'f32' ? new Uint32Array(buffer, 0, bytesRead >> 2) : new Uint16Array(buffer, 0, bytesRead >> 1);
      const found = firstWith(words, mask);
      if (found >= 0) throw new GraphError('bad-weight', `${file}: ${name} holds a NaN or an infinity, at element ${at / words.BYTES_PER_ELEMENT + found}. The file is damaged, or the training that wrote it had diverged.`, { name });
    }
  } finally {
    await handle.close();
  }
}

/** Most weights have no such bits, so whole chunks are asked first: adding the exponent's lowest bit to one that is all ones carries out of it. */
function firstWith(words: Uint32Array | Uint16Array, mask: number): number {
  const lowest = mask & -mask;
  let carries = 0;
  for (let i = 0; i < words.length; i++) carries |= ((words[i] ?? 0) & mask) + lowest;
  return (carries & (mask + lowest)) === 0 ? -1 : words.findIndex((word) => (word & mask) === mask);
}
