import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { openProof, type OpenProof, refuseChangedSide, refuseSharedGroup } from '../jsonl/node/split/proofFile';
import { proofEnding } from '../pairs/split/splitNames';
import type { TrainConfig } from '../run/types';

type DataFiles = Pick<TrainConfig, 'train_file' | 'eval_file'>;

/**
 * Checks the proofs of splits (`NAME.split.json`) that lie beside the files of a run and name one of them: each file
 * is on its own side, and has the bytes that were split.
 *
 * @returns the paths of the proofs
 * @throws MarginError `split-side`, `split-changed`, `split-shared`, `not-a-proof`, and those of reading a proof
 */
export async function checkSplitProofs({ train_file: train, eval_file: held }: DataFiles): Promise<readonly string[]> {
  const files = [train, ...(held === null ? [] : [held])];
  const folders = [...new Set(files.map((file) => path.dirname(file)))];
  const checked: string[] = [];
  for (const folder of folders)
    for (const name of await proofsIn(folder)) {
      const proof = await openProof(path.join(folder, name));
      if (await concerns(proof, train, held)) checked.push(proof.path);
    }
  return checked;
}

async function proofsIn(folder: string): Promise<readonly string[]> {
  // If the folder cannot be listed, reading the data file in it, which comes next, reports the error.
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(proofEnding)).sort();
}

/** Whether a proof is about a file of the run. @throws MarginError if it does not hold */
async function concerns(proof: OpenProof, train: string, held: string | null): Promise<boolean> {
  if (train === proof.eval) throw wrongSide(proof, train, 'train_file', 'to evaluate on');
  if (held !== null && held === proof.train) throw wrongSide(proof, held, 'eval_file', 'to train on');
  const [isTrained, isHeld] = [train === proof.train, held === proof.eval];
  if (!isTrained && !isHeld) return false;
  refuseSharedGroup(proof);
  if (isTrained) await refuseChangedSide(proof, 'train');
  if (isHeld) await refuseChangedSide(proof, 'eval');
  return true;
}

function wrongSide(proof: OpenProof, file: string, key: string, side: string): MarginError {
  const message = `${key} is ${file}, which ${proof.path} splits off ${side}. Exchange train_file and eval_file, or delete the proof.`;
  return new MarginError('split-side', message, { file, proof: proof.path, field: key });
}
