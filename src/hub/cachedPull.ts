import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { statOrNull } from '../base/node/statOrNull';
import { MarginError } from '../base/pure/marginError';
import { namesSplit, parquetBranch } from './dataFiles';
import { HubCache } from './hubCache';
import type { HubSettings } from './hubSettings';
import type { PulledFile, PullOptions } from './pull';
import { type Repo, repoPath } from './repo';

export interface CachedPull {
  readonly revision: string;
  readonly commit: string;
  readonly files: readonly PulledFile[];
}

/**
 * What the cache has of a repository, without a question to the Hub: for `HF_HUB_OFFLINE`.
 *
 * @throws MarginError `hub-offline` if it was never pulled, or lacks a named file
 */
export async function cachedPull(settings: HubSettings, repo: Repo, options: PullOptions): Promise<CachedPull> {
  const cache = new HubCache(settings.cache, repo);
  const isPlainData = repo.kind === 'dataset' && options.file === null;
  const wanted = options.revision === null ? [...(isPlainData ? [parquetBranch] : []), 'main'] : [options.revision];
  for (const revision of wanted) {
    const commit = await cache.commitOf(revision);
    if (commit === null) continue;
    const files = await filesIn(cache.snapshot(commit));
    const found = files.filter((file) => isWanted(file.name, options));
    if (found.length > 0) return { revision, commit, files: found };
  }
  throw new MarginError(
    'hub-offline',
    `HF_HUB_OFFLINE is set, and ${settings.cache} does not have ${options.file ?? 'a snapshot'} of ${repoPath(repo)}${options.revision === null ? '' : ` at ${options.revision}`}. Unset it to download.`,
    { repo: repoPath(repo) },
  );
}

function isWanted(name: string, { file, config, split }: PullOptions): boolean {
  if (file !== null) return name === file;
  return (config === null || name.startsWith(`${config}/`)) && (split === null || namesSplit(name, split));
}

async function filesIn(snapshot: string): Promise<readonly PulledFile[]> {
  // A snapshot that cannot be listed has no files.
  const names = await readdir(snapshot, { recursive: true }).catch((): string[] => []);
  const files = await Promise.all(
    names.sort().map(async (name): Promise<PulledFile[]> => {
      const path = join(snapshot, name);
      const info = await statOrNull(path);
      return info?.isFile()
        ? [{ name: relative(snapshot, path).replaceAll(sep, '/'), path, bytes: info.size, cached: true }]
        : [];
    }),
  );
  return files.flat();
}
