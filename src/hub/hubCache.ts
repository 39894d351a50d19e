import { lstat, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileError } from '../base/node/fileError';
import { makeFolder } from '../base/node/makeFolder';
import { replaceFile } from '../base/node/replaceFile';
import { statOrNull } from '../base/node/statOrNull';
import { errorCode } from '../base/pure/marginError';
import type { HubFile } from './hubFiles';
import type { Repo } from './repo';

/**
 * The folder of a repository in the cache, in the layout of huggingface_hub: `blobs` by checksum, `snapshots/COMMIT`
 * with links to blobs, and `refs` with the commit of each branch and tag.
 */
export class HubCache {
  readonly folder: string;

  constructor(cache: string, { kind, name }: Repo) {
    this.folder = join(cache, [`${kind}s`, ...name.split('/')].join('--'));
  }

  snapshot(commit: string): string {
    return join(this.folder, 'snapshots', commit);
  }

  blob({ checksum }: HubFile): string {
    return join(this.folder, 'blobs', checksum.hex);
  }

  /** The commit that a revision named when it was last pulled; null: it never was. */
  async commitOf(revision: string): Promise<string | null> {
    if (/^[0-9a-f]{40}$/.test(revision)) return (await exists(this.snapshot(revision))) ? revision : null;
    // A revision that was never pulled has no file.
    const text = await readFile(join(this.folder, 'refs', ...revision.split('/')), 'utf8').catch(() => '');
    return /^[0-9a-f]{40}$/.test(text.trim()) ? text.trim() : null;
  }

  async remember(revision: string, commit: string): Promise<void> {
    if (revision === commit) return;
    const path = join(this.folder, 'refs', ...revision.split('/'));
    await makeFolder(dirname(path));
    await replaceFile(path, commit);
  }

  /** Whether a snapshot has a file. Its blob was checked when it came. */
  async has(commit: string, file: HubFile): Promise<boolean> {
    return (await sizeOf(this.place(commit, file))) === file.bytes;
  }

  /** Whether the blob is there, because another snapshot has the same file. */
  async hasBlob(file: HubFile): Promise<boolean> {
    return (await sizeOf(this.blob(file))) === file.bytes;
  }

  /**
   * Puts the blob of a file into a snapshot: as a link, and where the system permits none (Windows without developer
   * mode) by moving it there, as huggingface_hub does.
   *
   * @throws MarginError those of {@link fileError}
   */
  async link(commit: string, file: HubFile): Promise<void> {
    const place = this.place(commit, file);
    try {
      await makeFolder(dirname(place));
      await rm(place, { force: true });
      await symlink(relative(dirname(place), this.blob(file)).replaceAll(sep, '/'), place, 'file').catch(
        async (error: unknown) => {
          if (errorCode(error) !== 'EPERM') throw error;
          await rename(this.blob(file), place);
        },
      );
    } catch (error) {
      throw fileError(error, 'create', place);
    }
  }

  place(commit: string, { path }: Pick<HubFile, 'path'>): string {
    return join(this.snapshot(commit), ...path.split('/'));
  }
}

async function sizeOf(path: string): Promise<number | null> {
  return (await statOrNull(path))?.size ?? null;
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}
