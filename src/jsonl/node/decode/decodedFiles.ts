import { randomBytes } from 'node:crypto';
import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../../base/node/fileError';
import { makeFolder } from '../../../base/node/makeFolder';
import { shortKey } from '../../../base/node/shortKey';
import { headBytes } from '../../fileKind';
import { type Stamp, stampOf } from '../../stamp';
import { lookAt } from './copyFolder';
import { GrowingCopy } from './growingCopy';

/** Most bytes of all copies together. The copies that were used last stay. */
const maxStoredBytes = 20 * 2 ** 30;
/** A copy that was not used for this long is removed. */
const maxAgeMs = 30 * 24 * 3600 * 1000;
/** Raised when the same file is decoded in another way. */
const version = 1;

/** The decoded copy of a file, in a folder of its own. */
export interface DecodedFile {
  /** A file of JSON Lines, or of what was packed: a JSON array, CSV, TSV. */
  readonly file: string;
  /** The copy while it is written; null if it was complete. */
  readonly growing: GrowingCopy | null;
  /** The source as it was decoded. */
  readonly stamp: Stamp;
  /** Ends the use of the copy: an incomplete one is removed. */
  readonly release: () => Promise<void>;
}

/**
 * Decoded copies of files that are not edited, so that any row of them can be read at once. A copy is named by the
 * path, size, time and inode of its source, and is used again while these stay. Its folder has `rows`, `complete` once
 * all rows are in it, and `PID.open` for each process that uses it.
 */
export class DecodedFiles {
  /** @param script the bundle of `decodeThread.ts` */
  constructor(
    private readonly folder: string,
    private readonly script: string,
    private readonly maxBytes = maxStoredBytes,
  ) {}

  /**
   * The copy of a file. It is there when its first bytes are, and grows until {@link GrowingCopy.end}.
   *
   * @throws MarginError `missing`, `not-readable`; an error of the decoding is thrown where the copy is read
   */
  async open(source: string): Promise<DecodedFile> {
    const stamp = await stat(source).then(stampOf, (error: unknown) => {
      throw fileError(error, 'read', source);
    });
    await makeFolder(this.folder);
    const owner = shortKey([path.resolve(source)], 16);
    const key = shortKey([JSON.stringify([version, stamp])], 16);
    await this.tidy((name) => name.startsWith(`${owner}.`) && !name.startsWith(`${owner}.${key}.`));
    const known = await this.completeOf(`${owner}.${key}.`);
    if (known !== null) return this.used(known, stamp, null);
    const folder = path.join(this.folder, `${owner}.${key}.${process.pid}-${randomBytes(4).toString('hex')}`);
    await makeFolder(folder);
    const task = { kind: 'decode', source, target: path.join(folder, 'rows'), maxBytes: this.maxBytes } as const;
    const growing = new GrowingCopy(task, this.script, () => touch(path.join(folder, 'complete')));
    const decoded = await this.used(folder, stamp, growing).catch(async (error: unknown) => {
      await discard(folder, growing);
      throw error;
    });
    // The first bytes decide how the file holds its rows.
    await growing.beyond(headBytes);
    if (await exists(decoded.file)) return decoded;
    // Without any bytes there is nothing to show but the error.
    await decoded.release();
    growing.check();
    return decoded;
  }

  private async used(folder: string, stamp: Stamp, growing: GrowingCopy | null): Promise<DecodedFile> {
    const mark = path.join(folder, `${process.pid}-${randomBytes(4).toString('hex')}.open`);
    await touch(mark);
    const now = new Date();
    await utimes(folder, now, now).catch(async (error: unknown) => {
      await rm(mark, { force: true }).catch(() => undefined);
      throw fileError(error, 'write', folder);
    });
    const release = async (): Promise<void> => {
      growing?.stop();
      await growing?.end;
      // What cannot be removed now is removed another time: marks and copies of a process that has ended do not count.
      await rm(mark, { force: true }).catch(() => undefined);
      if (growing && !growing.isComplete) await discard(folder, growing);
      await this.tidy(() => false);
    };
    return { file: path.join(folder, 'rows'), growing, stamp, release };
  }

  /** The folder of a complete copy; null if there is none. */
  private async completeOf(prefix: string): Promise<string | null> {
    for (const name of await readdir(this.folder)) {
      const folder = path.join(this.folder, name);
      if (name.startsWith(prefix) && (await lookAt(folder)).complete) return folder;
    }
    return null;
  }

  /** Removes the copies that nobody uses and that are stale, incomplete, old, or beyond the limit. */
  private async tidy(isStale: (name: string) => boolean): Promise<void> {
    const names = await readdir(this.folder);
    const looks = await Promise.all(names.map((name) => lookAt(path.join(this.folder, name))));
    let total = 0;
    for (const { folder, complete, inUse, bytes, usedAt } of looks.sort((a, b) => b.usedAt - a.usedAt)) {
      total += bytes;
      const old = Date.now() - usedAt > maxAgeMs;
      if (inUse || (complete && !old && total <= this.maxBytes && !isStale(path.basename(folder)))) continue;
      total -= bytes;
      // What cannot be removed now is removed another time.
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

/** Ends the decoding into a folder, and removes the folder; one that cannot be removed now is removed another time. */
async function discard(folder: string, growing: GrowingCopy): Promise<void> {
  growing.stop();
  await growing.end;
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

/** Makes an empty file. @throws MarginError as `fileError` */
async function touch(file: string): Promise<void> {
  await writeFile(file, '').catch((error: unknown) => {
    throw fileError(error, 'write', file);
  });
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
