import type { FileHandle } from 'node:fs/promises';
import { openRegular } from '../base/node/smallFile';
import { errorCode, MarginError } from '../base/pure/marginError';
import { must } from '../base/pure/must';
import type { Dtype } from '../graph/tensor';
import type { Checkpoint, StoredTensor } from './types';

/** Bytes in memory at a time. */
const partBytes = 1 << 20;

/** The exponent bits of each float type. All of them are set in infinity and NaN, and in no other number. */
const exponents: Readonly<Partial<Record<Dtype, number>>> = { f32: 0x7f800000, f16: 0x7c00, bf16: 0x7f80 };

/** A part of a tensor, from byte `at` of it on. */
interface TensorPart {
  readonly tensor: StoredTensor;
  readonly at: number;
  readonly bytes: number;
}

/**
 * Reads all weights and refuses NaN and infinity. A single one makes every result NaN, steps later and far from the
 * cause. Of quantised weights it reads scales and minimums; their whole numbers are always finite.
 *
 * @throws MarginError `bad-weight` naming file, tensor and element
 */
export async function refuseNotFinite({ weights }: Pick<Checkpoint, 'weights'>): Promise<void> {
  const tensors = [...weights.values()].flatMap((tensor) =>
    tensor.quantised
      ? [tensor.quantised.scale, ...(tensor.quantised.minimum ? [tensor.quantised.minimum] : [])]
      : [tensor],
  );
  const files = new Map<string, FileHandle>();
  const buffer = new Uint8Array(partBytes);
  try {
    for (const { file } of tensors) if (!files.has(file)) files.set(file, await openRegular(file));
    for (const part of tensors.flatMap(partsOf)) {
      const { file, offset } = part.tensor;
      await must(files.get(file), `the open file ${file}`).read(buffer, 0, part.bytes, offset + part.at);
      checkPart(part, buffer.buffer);
    }
  } finally {
    for (const handle of files.values()) await handle.close();
  }
}

/**
 * Runs `work`. If it fails with the code `not-finite`, the weights are checked, so that damaged weights are named as
 * the cause. Checking them before every run would take a second for each GB.
 *
 * @throws MarginError `bad-weight`, or what `work` throws
 */
export async function withWeightCheck<T>(checkpoints: readonly Checkpoint[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) === 'not-finite') for (const checkpoint of checkpoints) await refuseNotFinite(checkpoint);
    throw error;
  }
}

function partsOf(tensor: StoredTensor): TensorPart[] {
  return Array.from({ length: Math.ceil(tensor.bytes / partBytes) }, (_, i) => ({
    tensor,
    at: i * partBytes,
    bytes: Math.min(partBytes, tensor.bytes - i * partBytes),
  }));
}

function checkPart({ tensor: { name, file, dtype }, at, bytes }: TensorPart, buffer: ArrayBuffer): void {
  const words = dtype === 'f32' ? new Uint32Array(buffer, 0, bytes >> 2) : new Uint16Array(buffer, 0, bytes >> 1);
  const mask = must(exponents[dtype], `the exponent mask of ${dtype}`);
  const found = words.findIndex((word) => (word & mask) === mask);
  if (found >= 0)
    throw new MarginError(
      'bad-weight',
      `${file}: ${name} holds a NaN or an infinity at element ${at / words.BYTES_PER_ELEMENT + found}. The file is damaged, or the training that wrote it diverged.`,
      { name },
    );
}
