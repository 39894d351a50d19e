import { open, type FileHandle } from 'node:fs/promises';
import { GraphError } from '../graph/graphError';
import type { Dtype } from '../graph/tensor';
import type { Checkpoint, StoredTensor } from './types';

/** Read at a time: large enough for the disk, and small enough to be looked through where the processor still has it at hand. */
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
 * A checkpoint with a NaN or an infinity in it makes every number NaN, steps later and far from the cause.
 *
 * @throws GraphError `bad-weight` naming file and tensor
 */
export async function refuseNotFinite({ weights }: Pick<Checkpoint, 'weights'>): Promise<void> {
  const tensors = [...weights.values()].flatMap((tensor) => (tensor.quantised ? [tensor.quantised.scale, ...(tensor.quantised.minimum ? [tensor.quantised.minimum] : [])] : [tensor]));
  const files = new Map<string, FileHandle>();
  try {
    for (const { file } of tensors) if (!files.has(file)) files.set(file, await open(file, 'r'));
    await checkPieces(tensors.flatMap(piecesOf), async ({ tensor, at, bytes }, buffer) => (await files.get(tensor.file)?.read(buffer, 0, bytes, tensor.offset + at))?.bytesRead ?? 0);
  } finally {
    for (const handle of files.values()) await handle.close();
  }
}

function piecesOf(tensor: StoredTensor): Piece[] {
  return Array.from({ length: Math.ceil(tensor.bytes / pieceBytes) }, (_, i) => ({ tensor, at: i * pieceBytes, bytes: Math.min(pieceBytes, tensor.bytes - i * pieceBytes) }));
}

/** Looks through a piece while the next one is read. */
async function checkPieces(pieces: readonly Piece[], read: (piece: Piece, buffer: Uint8Array) => Promise<number>): Promise<void> {
  const buffers = [new Uint8Array(pieceBytes), new Uint8Array(pieceBytes)] as const;
  const start = (i: number): Promise<number> | null => (pieces[i] ? read(pieces[i], buffers[i % 2 === 0 ? 0 : 1]) : null);
  let reading = start(0);
  for (const [i, piece] of pieces.entries()) {
    const bytesRead = (await reading) ?? 0;
    reading = start(i + 1);
    try {
      checkPiece(piece, buffers[i % 2 === 0 ? 0 : 1].buffer, bytesRead);
    } catch (error) {
      await reading;
      throw error;
    }
  }
}

function checkPiece({ tensor: { name, file, dtype }, at }: Piece, buffer: ArrayBuffer, bytes: number): void {
  const words = dtype === 'f32' ? new Uint32Array(buffer, 0, bytes >> 2) : new Uint16Array(buffer, 0, bytes >> 1);
  const found = firstWith(words, exponents[dtype] ?? 0);
  if (found >= 0) throw new GraphError('bad-weight', `${file}: ${name} holds a NaN or an infinity, at element ${at / words.BYTES_PER_ELEMENT + found}. The file is damaged, or the training that wrote it had diverged.`, { name });
}

/**
 * Most weights have no such bits, so whole pieces are asked first: adding the exponent's lowest bit to one that is all ones carries out of
 * it. Half of each is added, so that sums stay below 2³¹, where V8 has whole numbers.
 */
function firstWith(words: Uint32Array | Uint16Array, mask: number): number {
  const [half, lowest] = [mask >>> 1, (mask & -mask) >>> 1];
  let carries = 0;
  for (let i = 0; i < words.length; i++) carries |= (((words[i] ?? 0) >>> 1) & half) + lowest;
  return (carries & (half + lowest)) === 0 ? -1 : words.findIndex((word) => (word & mask) === mask);
}
