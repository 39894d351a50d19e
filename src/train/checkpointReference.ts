import { join } from 'node:path';
import { readTensor } from '../model/readWeights';
import { readSafetensorsHeader } from '../model/safetensors';
import type { Parameter } from '../model/types';
import { runPaths } from '../run/folder';
import { movingName, optimizerFile, readPosition } from './checkpoints';

/** What a checkpoint holds of its run's reference. */
export interface CheckpointReference {
  /** See `RowStore.fingerprint`: `kept` belongs to these rows. */
  readonly rows: string;
  /** [2, rows] log-prob sums of the rows that steps have visited; NaN elsewhere. */
  readonly kept: Float32Array;
  /** The reference's own arrays by the policy's names, where it moves. */
  readonly moving: ReadonlyMap<string, Parameter>;
}

/**
 * Without the optimizer's moments, which lie in the same file. @throws MarginError `checkpoint-damaged`, and those of
 * reading
 */
export async function readCheckpointReference(runFolder: string, step: number): Promise<CheckpointReference> {
  const folder = runPaths.checkpoint(runFolder, step);
  const start = movingName('');
  const moving = new Map<string, Parameter>();
  let kept = new Float32Array();
  for (const stored of await readSafetensorsHeader(join(folder, optimizerFile))) {
    if (stored.name === 'reference') kept = Float32Array.from((await readTensor(stored)).data);
    if (!stored.name.startsWith(start)) continue;
    const name = stored.name.slice(start.length);
    moving.set(name, { ...(await readTensor(stored)), name });
  }
  return { rows: String((await readPosition(folder)).pairs), kept, moving };
}
