import path from 'node:path';
import { hashFile } from '../../../base/node/fileHash';
import { nullIfMissing } from '../../../base/node/jsonFile';
import { readJsonObject } from '../../../base/node/smallFile';
import { MarginError } from '../../../base/pure/marginError';
import { readProof, sharedGroup, type SplitProof } from '../../../pairs/split/splitProof';

/** A group takes 25 bytes. */
const maxProofBytes = 256 << 20;

/** A proof with the paths of its files. */
export interface OpenProof {
  readonly path: string;
  readonly proof: SplitProof;
  readonly train: string;
  readonly eval: string;
}

/** Reads a proof. @throws MarginError `not-a-proof`, and those of reading */
export async function openProof(file: string): Promise<OpenProof> {
  const proof = readProof(await readJsonObject(file, maxProofBytes), file);
  const folder = path.dirname(file);
  return {
    path: file,
    proof,
    train: path.resolve(folder, proof.train.file),
    eval: path.resolve(folder, proof.eval.file),
  };
}

/**
 * Compares a file of a split with its proof.
 *
 * @throws MarginError `split-changed` if it has other bytes, `missing` if it is not there
 */
export async function refuseChangedSide(open: OpenProof, side: 'train' | 'eval'): Promise<void> {
  const file = open[side];
  const sha256 = await nullIfMissing(hashFile(file));
  if (sha256 === open.proof[side].sha256) return;
  const what = sha256 === null ? 'is missing' : 'has changed since it was split';
  const message = `${file} ${what}, so ${open.path} proves nothing of it. Split ${open.proof.source.file} again with margin split, or delete the proof.`;
  throw new MarginError('split-changed', message, { file, proof: open.path });
}

/** @throws MarginError `split-shared` if the proof has a group on both sides */
export function refuseSharedGroup({ path: file, proof }: OpenProof): void {
  const shared = sharedGroup(proof);
  if (shared === null) return;
  const message = `${file} has the group ${shared} on both sides. Split ${proof.source.file} again with margin split.`;
  throw new MarginError('split-shared', message, { file });
}
