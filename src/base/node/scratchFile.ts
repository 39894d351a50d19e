import { randomBytes } from 'node:crypto';
import { readSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MarginError } from '../pure/marginError';
import { cacheFolder, privateMode } from './cacheFolder';
import { fileError } from './fileError';
import { makeFolder } from './makeFolder';
import { writeAll } from './writeAll';

/** Bytes that do not fit into memory, in a file that only this process can find: it has no name. */
export class ScratchFile {
  /** Bytes written so far. */
  length = 0;

  private constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
  ) {}

  /** @throws MarginError the errors of writing, naming the file */
  static async open(folder = cacheFolder()): Promise<ScratchFile> {
    await makeFolder(folder, privateMode);
    const path = join(folder, `.scratch-${randomBytes(6).toString('hex')}`);
    try {
      const handle = await open(path, 'wx+', 0o600);
      // A file without a name exists while it is open, so a killed process leaves nothing behind.
      await rm(path);
      return new ScratchFile(handle, path);
    } catch (error) {
      throw fileError(error, 'write', path);
    }
  }

  /** Appends bytes. @throws MarginError `disk-full` and others of writing */
  async append(bytes: Uint8Array): Promise<void> {
    const from = this.length;
    this.length += bytes.length;
    try {
      await writeAll(this.handle, bytes, from);
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
  }

  /** Reads as many bytes as `into` has. @throws MarginError `scratch-lost` */
  read(into: Uint8Array, position: number): void {
    for (let done = 0; done < into.length;) {
      const read = readSync(this.handle.fd, into, done, into.length - done, position + done);
      if (read === 0) throw new MarginError('scratch-lost', 'Another program has cut a temporary file. Start again.');
      done += read;
    }
  }

  /** Deletes the bytes. */
  close(): Promise<void> {
    return this.handle.close();
  }
}
