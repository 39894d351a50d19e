import type { FileHandle } from 'node:fs/promises';
import { openRegular } from '../base/node/smallFile';
import { errorCode, MarginError } from '../base/pure/marginError';
import type { Dtype } from '../graph/tensor';
import type { Checkpoint, StoredTensor } from './types';

/** Read at a time. */
const pieceBytes = 1 << 20;

/** Bits of the exponent, all of them set in infinities and NaN only. */
const exponents: Readonly<Partial<Record<Dtype, number>>> = { f32: 0x7f800000, f16: 0x7c00, bf16: 0x7f80 };

/** A stretch of a tensor's bytes. */
interface Piece {
  readonly tensor: StoredTensor;
  readonly at: number;
  readonly bytes: number;
}

/**
 * Looks through all weights: one NaN or infinity makes every number NaN, steps later and far from the cause.
 *
 * @throws MarginError `bad-weight` naming file and tensor
 */
export async function refuseNotFinite({ weights }: Pick<Checkpoint, 'weights'>): Promise<void> {
  const tensors = [...weights.values()].flatMap((tensor) =>
    tensor.quantised
      ? [tensor.quantised.scale, ...(tensor.quantised.minimum ? [tensor.quantised.minimum] : [])]
      : [tensor],
  );
  const files = new Map<string, FileHandle>();
  const buffer = new Uint8Array(pieceBytes);
  try {
    for (const { file } of tensors) if (!files.has(file)) files.set(file, await openRegular(file));
    for (const piece of tensors.flatMap(piecesOf)) {
      await files.get(piece.tensor.file)?.read(buffer, 0, piece.bytes, piece.tensor.offset + piece.at);
      checkPiece(piece, buffer.buffer);
    }
  } finally {
    for (const handle of files.values()) await handle.close();
  }
}

/**
 * Does what may meet numbers that are none (an error of the code `not-finite`): then the weights are looked through
 * before anything else is blamed, which before every use would cost a second for each GB.
 *
 * @throws MarginError `bad-weight`, and what `work` throws
 */
export async function withWeightCheck<T>(checkpoints: readonly Checkpoint[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) === 'not-finite') for (const checkpoint of checkpoints) await refuseNotFinite(checkpoint);
    throw error;
  }
}

function piecesOf(tensor: StoredTensor): Piece[] {
  return Array.from({ length: Math.ceil(tensor.bytes / pieceBytes) }, (_, i) => ({
    tensor,
    at: i * pieceBytes,
    bytes: Math.min(pieceBytes, tensor.bytes - i * pieceBytes),
  }));
}

function checkPiece({ tensor: { name, file, dtype }, at, bytes }: Piece, buffer: ArrayBuffer): void {
  const words = dtype === 'f32' ? new Uint32Array(buffer, 0, bytes >> 2) : new Uint16Array(buffer, 0, bytes >> 1);
  const mask = exponents[dtype] ?? 0;
  const found = words.findIndex((word) => (word & mask) === mask);
  if (found >= 0)
    throw new MarginError(
      'bad-weight',
      `${file}: ${name} holds a NaN or an infinity, at element ${at / words.BYTES_PER_ELEMENT + found}. The file is damaged, or the training that wrote it had diverged.`,
      { name },
    );
}
