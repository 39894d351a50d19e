import { open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fileError } from '../base/node/fileError';
import { removeIfPossible } from '../base/node/replaceFile';
import { temporaryPath } from '../base/node/temporaryFile';
import type { PairReward } from '../run/types';

/** A file of rewards, one per line, that appears complete or not at all. */
export class RewardFile {
  private done = false;

  private constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly file: FileHandle,
  ) {}

  /** Errors as {@link fileError}. */
  static async create(path: string): Promise<RewardFile> {
    const temporary = temporaryPath(path);
    const file = await open(temporary, 'wx').catch((error: unknown) => Promise.reject(fileError(error, 'write', path)));
    return new RewardFile(path, temporary, file);
  }

  async append(reward: PairReward): Promise<void> {
    // One call of write may write only the start, on a disk that becomes full.
    await this.file
      .appendFile(`${JSON.stringify(reward)}\n`)
      .catch((error: unknown) => Promise.reject(fileError(error, 'write', this.path)));
  }

  async finish(): Promise<void> {
    try {
      await this.file.sync();
      await this.file.close();
      await rename(this.temporary, this.path);
      this.done = true;
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
  }

  /** Removes the temporary file, unless {@link finish} was called. */
  async discard(): Promise<void> {
    if (this.done) return;
    // The error that led here is the one to report.
    await this.file.close().catch(() => undefined);
    await removeIfPossible(this.temporary);
  }
}
