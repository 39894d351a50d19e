import { open, type FileHandle } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { writeAll } from '../base/node/writeAll';
import { must } from '../base/pure/must';
import type { Model } from './architectures/architecture';
import { fingerprintOf, makeOnce } from './makeOnce';
import { readTensor, rowPieces } from './readWeights';
import type { Checkpoint, StoredTensor } from './types';

/*
 * A copy of a model's matrices in 8 bits, with which generation drafts tokens. Each row is cut into blocks of 32
 * weights that share an f32 scale: weight ≈ (q − 128)·scale. The error is at most 1/254 of the largest weight of a
 * block. All products for one token take 16 ms instead of 41 ms (SmolLM2-135M, two cores).
 *
 * One file holds the matrices one after another: the numbers of a matrix, then its scales.
 */

/** Weights that share a scale. */
const block = 32;
/** The u8 that means 0. */
const zero = 128;

/** A matrix [rows, blocks·block] as numbers, u8 [rows, blocks, block], and scales, f32 [rows·blocks]. */
export interface Int8Matrix {
  readonly file: string;
  readonly rows: number;
  /** Blocks in a row. */
  readonly blocks: number;
  /** Weights in a block. */
  readonly block: number;
  /** Offset of the numbers in the file, in bytes. */
  readonly numbers: number;
  /** Offset of the scales in the file, in bytes. */
  readonly scales: number;
}

/** Bytes of a model's copy; null: it cannot be copied, because rows are not whole blocks or matrices are transposed. */
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
 * The 8-bit matrices of every linear layer and of the head, by weight name. The copy is written once, and again when
 * the checkpoint's files change.
 *
 * @param folder the folder of all copies
 * @throws AbortError where `signal` ends the writing, which leaves nothing behind
 */
export async function int8Copy(
  checkpoint: Checkpoint,
  folder: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Int8Matrix>> {
  const files = [...new Set([...checkpoint.weights.values()].map(({ file }) => file))].sort();
  // "narrow" is an older name of these copies; another word here would make existing copies useless.
  const own = join(folder, await fingerprintOf(files, `narrow ${block}`));
  const matrices = placed(checkpoint.model, join(own, fileName));
  await makeOnce(own, (temporary) => writeCopy(checkpoint, matrices, join(temporary, fileName), signal));
  return matrices;
}

/**
 * Whether two paths have the same root. A graph names its weight files relative to one folder, so they must share it.
 */
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
      await writeMatrix(handle, must(weights.get(name), `the weight ${name}`), matrix, signal);
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
    await writeAll(handle, q, numbers + first * blocks * block);
    await writeAll(handle, scale, scales + first * blocks * 4);
  }
}

/**
 * Quantises whole blocks of weights: in each block, q = round(127·w / largest) + 128 and scale = largest / 127, where
 * `largest` is the largest magnitude.
 *
 * @returns as many numbers as values, and a scale for each block
 */
function quantiseBlocks(values: Float32Array): { readonly q: Uint8Array; readonly scale: Float32Array } {
  const [q, scale] = [new Uint8Array(values.length), new Float32Array(values.length / block)];
  // Hot loops, in which at() takes five times as long. A missing value would make the scale a NaN.
  for (let start = 0; start < values.length; start += block) {
    let largest = 0;
    for (let i = start; i < start + block; i++) largest = Math.max(largest, Math.abs(values[i] ?? Number.NaN));
    scale[start / block] = largest / 127;
    const factor = largest === 0 ? 0 : 127 / largest;
    // A Uint8Array drops the fraction. All numbers are above 0, so adding a half rounds.
    for (let i = start; i < start + block; i++) q[i] = (values[i] ?? Number.NaN) * factor + (zero + 0.5);
  }
  return { q, scale };
}
