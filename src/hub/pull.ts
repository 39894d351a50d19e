import { freeDisk } from '../base/node/freeMemory';
import { MarginError } from '../base/pure/marginError';
import { convertedFiles, ownFiles, parquetBranch } from './dataFiles';
import { downloadBlob } from './downloadBlob';
import { HubCache } from './hubCache';
import type { HubClient } from './hubClient';
import { commitOf, filesAt, type HubFile } from './hubFiles';
import { modelFiles, type Wanted } from './neededFiles';
import { repoPath } from './repo';

export interface PullOptions extends Wanted {
  /** A branch, tag or commit; null: `main`, or the Parquet branch of a data set. */
  readonly revision: string | null;
}

/** What is pulled, and from where. */
export interface PullPlan {
  readonly revision: string;
  readonly commit: string;
  readonly files: readonly (HubFile & { readonly cached: boolean })[];
}

export interface PulledFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** Whether it was in the cache before. */
  readonly cached: boolean;
}

/** The bytes that are here of all that is pulled, and the file that is coming. */
export type PullListener = (file: string, done: number, total: number) => void;

/**
 * Asks the Hub which files are needed, and looks which of them the cache has.
 *
 * @throws MarginError `hub-choose` and others of {@link modelFiles} and of the Hub
 */
export async function planPull(client: HubClient, options: PullOptions): Promise<PullPlan> {
  const { revision, commit, files } = await neededOf(client, options);
  const cache = new HubCache(client.settings.cache, client.repo);
  const looked = files.map(async (file) => ({ ...file, cached: await cache.has(commit, file) }));
  return { revision, commit, files: await Promise.all(looked) };
}

interface Needed {
  readonly revision: string;
  readonly commit: string;
  readonly files: readonly HubFile[];
}

async function neededOf(client: HubClient, options: PullOptions): Promise<Needed> {
  const name = repoPath(client.repo);
  const at = async (revision: string): Promise<Needed> => {
    const commit = await commitOf(client, revision);
    return { revision, commit, files: await filesAt(client, commit) };
  };
  if (client.repo.kind === 'model') {
    const found = await at(options.revision ?? 'main');
    return { ...found, files: modelFiles(found.files, options, name) };
  }
  const isOwn = options.revision !== null || options.file !== null;
  const branch = isOwn ? null : await at(parquetBranch).catch(nullIfNotConverted);
  if (branch) return { ...branch, files: convertedFiles(branch.files, options, name) };
  if (options.config !== null)
    throw new MarginError('hub-no-file', `The Hub has not converted ${name} to Parquet, so it has no configurations.`);
  const found = await at(options.revision ?? 'main');
  return { ...found, files: ownFiles(found.files, options, name) };
}

/** The Hub converts public data sets that it can read, some time after they change. */
function nullIfNotConverted(error: unknown): null {
  const isMissing = error instanceof MarginError && ['hub-no-revision', 'hub-missing'].includes(error.code);
  if (isMissing) return null;
  throw error;
}

/**
 * Downloads what the cache lacks. The revision names the new snapshot only when all its files are there.
 *
 * @throws MarginError `disk-full` before anything comes; those of {@link downloadBlob}
 */
export async function pull(
  client: HubClient,
  plan: PullPlan,
  onProgress: PullListener,
): Promise<readonly PulledFile[]> {
  const { commit, revision, files } = plan;
  const cache = new HubCache(client.settings.cache, client.repo);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  await requireRoom(client.settings.cache, files);
  let before = 0;
  for (const file of files) {
    const { path, bytes, cached } = file;
    if (!cached) {
      const onBytes = (now: number): void => onProgress(path, before + now, total);
      if (!(await cache.hasBlob(file)))
        await downloadBlob(client, { url: client.fileUrl(commit, path), file, blob: cache.blob(file), onBytes });
      await cache.link(commit, file);
    }
    before += bytes;
    onProgress(path, before, total);
  }
  await cache.remember(revision, commit);
  return files.map((file) => ({
    name: file.path,
    path: cache.place(commit, file),
    bytes: file.bytes,
    cached: file.cached,
  }));
}

async function requireRoom(folder: string, files: PullPlan['files']): Promise<void> {
  const needed = files.reduce((sum, { bytes, cached }) => sum + (cached ? 0 : bytes), 0);
  const free = await freeDisk(folder);
  if (needed <= free) return;
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
  throw new MarginError(
    'disk-full',
    `${megabytes(needed)} are to come, and ${folder} has ${megabytes(free)} free. Free some space, or set HF_HOME to a folder on another disk.`,
    { folder, needed, free },
  );
}
