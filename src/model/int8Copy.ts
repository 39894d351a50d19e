import { open, type FileHandle } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import type { Model } from './architectures/architecture';
import { fingerprintOf, makeOnce } from './makeOnce';
import { readTensor, rowPieces } from './readWeights';
import type { Checkpoint, StoredTensor } from './types';

/*
 * A model's matrices as whole numbers of 8 bits around 128, in blocks of a row that share an f32 scale: off by 1/254 of
 * a block's largest at most, and for a product with one row 16 ms in place of 41 (SmolLM2-135M's, two cores). One file
 * holds them one after another, each its numbers and then its scales.
 */

/** Weights that share a scale. */
const block = 32;
/** What stands for 0. */
const zero = 128;

/** A matrix [rows, blocks·block]: numbers u8 [rows, blocks, block], and scales f32 [rows·blocks]. */
export interface Int8Matrix {
  readonly file: string;
  readonly rows: number;
  readonly blocks: number;
  readonly block: number;
  /** Places in the file. */
  readonly numbers: number;
  readonly scales: number;
}

/** Bytes of a model's copy; null where its matrices do not lie in rows of whole blocks. */
export function int8CopyBytes({ model }: Checkpoint): number | null {
  const linears = [...model.linears.values()];
  if (
    linears.some(({ inFeatures, transposed }) => transposed || inFeatures % block !== 0) ||
    model.hiddenSize % block !== 0
  )
    return null;
  return matrixShapes(model).reduce((sum, { rows, blocks }) => sum + rows * blocks * (block + 4), 0);
}

/**
 * The copies of every linear layer's matrix and of the head, by name, made where there are none yet.
 *
 * @param folder of all copies
 * @throws AbortError where `signal` ends the making, which leaves nothing behind
 */
export async function int8Copy(
  checkpoint: Checkpoint,
  folder: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Int8Matrix>> {
  const files = [...new Set([...checkpoint.weights.values()].map(({ file }) => file))].sort();
  const own = join(folder, await fingerprintOf(files, `narrow ${block}`));
  const matrices = placed(checkpoint.model, join(own, fileName));
  await makeOnce(own, (temporary) => writeCopy(checkpoint, matrices, join(temporary, fileName), signal));
  return matrices;
}

/** Whether files of a graph may lie in both: they are told by their ways from one root. */
export const onSameDrive = (a: string, b: string): boolean => rootOf(a) === rootOf(b);

const rootOf = (path: string): string => parse(resolve(path)).root.toLowerCase();
const fileName = 'matrices';

function matrixShapes({
  linears,
  head,
  vocabSize,
  hiddenSize,
}: Model): { name: string; rows: number; blocks: number }[] {
  const layers = [...linears.values()].map(({ module, inFeatures, outFeatures }) => ({
    name: `${module}.weight`,
    rows: outFeatures,
    blocks: inFeatures / block,
  }));
  return [...layers, { name: head, rows: vocabSize, blocks: hiddenSize / block }];
}

function placed(model: Model, file: string): Map<string, Int8Matrix> {
  const matrices = new Map<string, Int8Matrix>();
  let end = 0;
  for (const { name, rows, blocks } of matrixShapes(model)) {
    const [numbers, scales] = [end, end + rows * blocks * block];
    matrices.set(name, { file, rows, blocks, block, numbers, scales });
    end = scales + rows * blocks * 4;
  }
  return matrices;
}

async function writeCopy(
  { weights }: Checkpoint,
  matrices: ReadonlyMap<string, Int8Matrix>,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    for (const [name, matrix] of matrices) {
      const stored = weights.get(name);
      if (stored) await writeMatrix(handle, stored, matrix, signal);
    }
  } finally {
    await handle.close();
  }
}

async function writeMatrix(
  handle: FileHandle,
  stored: StoredTensor,
  { blocks, numbers, scales }: Int8Matrix,
  signal?: AbortSignal,
): Promise<void> {
  for (const { first, piece } of rowPieces(stored)) {
    signal?.throwIfAborted();
    const { q, scale } = quantiseBlocks((await readTensor(piece)).data);
    await handle.write(q, 0, q.length, numbers + first * blocks * block);
    await handle.write(scale, 0, scale.byteLength, scales + first * blocks * 4);
  }
}

/** Each block rounded to 127ths of its largest number. */
export function quantiseBlocks(values: Float32Array): { readonly q: Uint8Array; readonly scale: Float32Array } {
  const [q, scale] = [new Uint8Array(values.length), new Float32Array(values.length / block)];
  for (let at = 0; at < values.length; at += block) {
    let largest = 0;
    for (let i = at; i < at + block; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0));
    scale[at / block] = largest / 127;
    const factor = largest === 0 ? 0 : 127 / largest;
    // Whole numbers in a typed array are cut off, and all are above 0 here: rounded by the half.
    for (let i = at; i < at + block; i++) q[i] = (values[i] ?? 0) * factor + (zero + 0.5);
  }
  return { q, scale };
}
