import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../../base/node/fileError';
import { replaceFile } from '../../base/node/replaceFile';
import { openRegular } from '../../base/node/smallFile';
import type { Breathing } from '../../base/pure/breathing';
import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { dynamicsGroups } from '../../pairs/dynamics/dynamicsGroup';
import { rewardSteps } from '../find';
import { runPaths } from '../folder';
import type { RewardColumns } from '../rewardColumns/rewardColumns';
import { dynamicsOf, PairTexts } from './pairTexts';

/*
 * The groups of a run's pairs by training dynamics as a safetensors file, `rewards/groups.safetensors`: a byte a pair.
 * `__metadata__` has a hash of what they were made from. Reading 20 columns of a million margins takes half a second.
 */

const format = 'margin-groups';
/** Another rule of the groups needs another version. */
const version = '1';
/** Groups of fewer pairs are made in less time than a file takes. */
const leastPairs = 100_000;
const lengthBytes = 8;
/** The header has about 300 bytes. */
const headerBytes = 512;

/**
 * The groups of the pairs of a run, see {@link dynamicsOf}. Those of many pairs are kept in the run folder, where it
 * can be written.
 *
 * @param shown the pairs
 * @param read reads the rewards of a step
 * @param least pairs that are kept
 * @returns null if fewer than two steps after the start are scored
 */
export async function groupsOfRun(
  folder: string,
  shown: RewardColumns,
  read: (step: number) => Promise<RewardColumns>,
  slices: Breathing,
  least = leastPairs,
): Promise<PairTexts | null> {
  const steps = (await rewardSteps(folder)).filter((step) => step > 0);
  const make = (): Promise<PairTexts | null> =>
    dynamicsOf(
      shown,
      steps.map((step) => () => read(step)),
      slices,
    );
  if (shown.count < least || steps.length === 0) return make();
  const path = join(runPaths.rewards(folder, 0), '..', 'groups.safetensors');
  const of = await sourceOf(folder, steps, shown);
  const kept = await readGroups(path, of, shown.count);
  if (kept) return new PairTexts(dynamicsGroups, kept);
  const groups = await make();
  // A folder that cannot be written has none, and rewards may have been written again meanwhile.
  if (groups !== null && (await sourceOf(folder, steps, shown)) === of)
    await replaceFile(path, fileOf(groups.codes, of)).catch(ignoreFileError);
  return groups;
}

/** SHA-256 of the shown pairs, and of size and time of the rewards of each step. */
async function sourceOf(folder: string, steps: readonly number[], shown: RewardColumns): Promise<string> {
  const hash = createHash('sha256').update(await shown.keyDigest());
  for (const step of steps) {
    const path = runPaths.rewards(folder, step);
    const { size, mtimeNs } = await stat(path, { bigint: true }).catch((error: unknown) => {
      throw fileError(error, 'read', path);
    });
    hash.update(` ${step} ${size} ${mtimeNs}`);
  }
  return hash.digest('hex');
}

function fileOf(codes: Uint8Array, of: string): Uint8Array[] {
  const tensor = { dtype: 'U8', shape: [codes.length], data_offsets: [0, codes.length] };
  const header = JSON.stringify({ __metadata__: { format, version, of }, group: tensor }).padEnd(headerBytes);
  const length = new Uint8Array(lengthBytes);
  new DataView(length.buffer).setBigUint64(0, BigInt(headerBytes), true);
  return [length, new TextEncoder().encode(header), codes];
}

/** Null if there are none of this source, or if they are damaged: they can be made again. */
async function readGroups(path: string, of: string, count: number): Promise<Uint8Array | null> {
  try {
    const file = await openRegular(path);
    try {
      const bytes = new Uint8Array(lengthBytes + headerBytes + count);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      const header = headerIn(bytes);
      const codes = bytes.subarray(lengthBytes + headerBytes);
      const isSame = header['format'] === format && header['version'] === version && header['of'] === of;
      return isSame && bytesRead === bytes.length && codes.every(isCode) ? codes : null;
    } finally {
      await file.close();
    }
  } catch (error) {
    return ignoreFileError(error);
  }
}

function isCode(code: number): boolean {
  return code <= dynamicsGroups.length;
}

function headerIn(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const text = new TextDecoder().decode(bytes.subarray(lengthBytes, lengthBytes + headerBytes));
    const header: unknown = JSON.parse(text);
    return isRecord(header) && isRecord(header['__metadata__']) ? header['__metadata__'] : {};
  } catch {
    // A damaged file names no source.
    return {};
  }
}

function ignoreFileError(error: unknown): null {
  if (error instanceof MarginError) return null;
  throw error;
}
