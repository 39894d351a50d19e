import { join } from 'node:path';
import { readTensor } from '../model/readWeights';
import { readSafetensorsHeader } from '../model/safetensors';
import type { Parameter } from '../model/types';
import { MarginError } from '../base/pure/marginError';
import { runPaths } from '../run/folder';
import { movingName, optimizerFile, readPosition, referenceName } from './checkpoints';

/** The reference as a checkpoint holds it. */
export interface CheckpointReference {
  /** Fingerprint of the rows that `kept` belongs to; see `RowStore`. */
  readonly rows: string;
  /** [2, rows] log-prob sums of the rows that steps have visited, chosen then rejected; NaN for others. */
  readonly kept: Float32Array;
  /** Weights of a moving reference by the policy's names; empty if the reference does not move. */
  readonly moving: ReadonlyMap<string, Parameter>;
}

/**
 * Reads the reference of a checkpoint, and skips AdamW's moments, which are in the same file.
 *
 * @throws MarginError `checkpoint-damaged`, and those of reading
 */
export async function readCheckpointReference(runFolder: string, step: number): Promise<CheckpointReference> {
  const folder = runPaths.checkpoint(runFolder, step);
  const start = movingName('');
  const moving = new Map<string, Parameter>();
  let kept: Float32Array | null = null;
  for (const stored of await readSafetensorsHeader(join(folder, optimizerFile))) {
    if (stored.name === referenceName) kept = (await readTensor(stored)).data;
    if (!stored.name.startsWith(start)) continue;
    const name = stored.name.slice(start.length);
    moving.set(name, { ...(await readTensor(stored)), name });
  }
  if (kept === null) {
    const file = join(folder, optimizerFile);
    throw new MarginError('checkpoint-damaged', `${file} has no tensor "${referenceName}": the file is damaged.`, {
      file,
    });
  }
  return { rows: String((await readPosition(folder)).pairs), kept, moving };
}
