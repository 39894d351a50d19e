import { MarginError } from '../../../base/pure/marginError';
import { at } from '../../../base/pure/must';
import type { SplitProof } from '../../../pairs/split/splitProof';
import { readPairs } from '../readPairs';
import { openProof, type OpenProof, refuseChangedSide, refuseSharedGroup } from './proofFile';
import { GroupHashes, groupRows, type GroupSearch, type RowGroups, splitTurns } from './rowGroups';

/**
 * Verifies a split: that both files have the bytes of the proof, that no group of their rows, found again, is on both
 * sides, and that the groups are those of the proof.
 *
 * @throws MarginError `split-changed`, `split-shared`, `split-differs` with what is wrong and what to do; those of
 *   reading
 */
export async function verifySplit(
  file: string,
  options: Pick<GroupSearch, 'script' | 'signal' | 'onProgress'>,
): Promise<SplitProof> {
  const open = await openProof(file);
  refuseSharedGroup(open);
  await refuseChangedSide(open, 'train');
  await refuseChangedSide(open, 'eval');
  const { reading, near } = open.proof;
  const groups = await groupRows({ ...options, files: [open.train, open.eval], reading, near });
  await compareGroups(open, groups, options.signal);
  return open.proof;
}

async function compareGroups(open: OpenProof, { links, found }: RowGroups, signal?: AbortSignal): Promise<void> {
  const hashes = new GroupHashes();
  /** The number and the line of the first row of each group in the training file. */
  const trained = new Map<number, number>();
  const held = new Set<number>();
  const options = { reading: open.proof.reading, ...(signal && { signal }) };
  for await (const { row, line, result } of readPairs(open.train, options)) {
    const turns = splitTurns(result);
    const group = links.firstOf(row);
    if (!turns) continue;
    hashes.add(group, turns);
    if (!trained.has(group)) trained.set(group, line);
  }
  for await (const { row, line, result } of readPairs(open.eval, options)) {
    const turns = splitTurns(result);
    if (!turns) continue;
    const group = links.firstOf(at(found.starts, 1) + row);
    hashes.add(group, turns);
    held.add(group);
    const other = trained.get(group);
    if (other !== undefined) throw shared(open, other, line);
  }
  refuseOthers(open, 'train', [...trained.keys()], hashes);
  refuseOthers(open, 'eval', [...held], hashes);
}

function refuseOthers(open: OpenProof, side: 'train' | 'eval', groups: readonly number[], hashes: GroupHashes): void {
  const found = groups.map((group) => hashes.of(group)).sort();
  const { groups: proven } = open.proof[side];
  if (found.length === proven.length && found.every((hash, i) => hash === proven[i])) return;
  const message = `${open[side]} has ${found.length} groups of rows, and not the ${proven.length} of ${open.path}. Split ${open.proof.source.file} again with margin split.`;
  throw new MarginError('split-differs', message, { file: open[side], proof: open.path });
}

function shared(open: OpenProof, trainLine: number, evalLine: number): MarginError {
  const message = `${open.eval}:${evalLine} and ${open.train}:${trainLine} are in one group, so the evaluation measures what is trained on. Split ${open.proof.source.file} again with margin split.`;
  return new MarginError('split-shared', message, { file: open.eval, line: evalLine });
}
