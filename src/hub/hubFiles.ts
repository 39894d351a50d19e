import { datasetInfo, listFiles, modelInfo } from '@huggingface/hub';
import { MarginError } from '../base/pure/marginError';
import type { HubClient } from './hubClient';
import { repoPath } from './repo';

/** A file of a repository at a commit. */
export interface HubFile {
  /** Below the repository, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** What its bytes must have: SHA-256 for files of LFS, git's SHA-1 of a blob for others. */
  readonly checksum: { readonly kind: 'sha256' | 'git'; readonly hex: string };
}

/** No repository that holds one model or data set has as many. */
const mostFiles = 100_000;

/**
 * The commit that a revision names.
 *
 * @returns 40 hex digits
 * @throws MarginError `hub-answer`, and those of {@link HubClient.fetch}
 */
export async function commitOf({ repo, access }: HubClient, revision: string): Promise<string> {
  const params = { name: repo.name, revision, additionalFields: ['sha'] as const, ...access };
  const { sha } = await (repo.kind === 'model'
    ? modelInfo({ ...params, additionalFields: ['sha'] })
    : datasetInfo({ ...params, additionalFields: ['sha'] }));
  if (/^[0-9a-f]{40}$/.test(sha)) return sha;
  throw new MarginError('hub-answer', `${access.hubUrl} names no commit for ${repoPath(repo)}.`);
}

/**
 * The files of a repository at a commit.
 *
 * @throws MarginError `hub-answer` for a file that no cache could hold safely, and those of {@link HubClient.fetch}
 */
export async function filesAt({ repo, access }: HubClient, commit: string): Promise<readonly HubFile[]> {
  const files: HubFile[] = [];
  const designation = { type: repo.kind, name: repo.name };
  for await (const entry of listFiles({ repo: designation, revision: commit, recursive: true, ...access })) {
    if (entry.type !== 'file') continue;
    const { path, lfs, oid, size } = entry;
    const checksum = lfs ? ({ kind: 'sha256', hex: lfs.oid } as const) : ({ kind: 'git', hex: oid ?? '' } as const);
    if (!isPlainPath(path) || !isChecksum(checksum) || !Number.isSafeInteger(size) || size < 0)
      throw new MarginError(
        'hub-answer',
        `${access.hubUrl} lists a file of ${repoPath(repo)} that Margin does not take: ${JSON.stringify(path)}.`,
      );
    files.push({ path, bytes: lfs ? lfs.size : size, checksum });
    if (files.length > mostFiles)
      throw new MarginError('hub-answer', `${repoPath(repo)} has more than ${mostFiles} files.`);
  }
  return files;
}

/** Whether a path stays below the folder that it is joined to, on every system. */
function isPlainPath(path: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\\:\u0000-\u001f]/.test(path) && path.split('/').every((part) => !/^\.{0,2}$/.test(part));
}

function isChecksum({ kind, hex }: HubFile['checksum']): boolean {
  return (kind === 'sha256' ? /^[0-9a-f]{64}$/ : /^[0-9a-f]{40}$/).test(hex);
}
