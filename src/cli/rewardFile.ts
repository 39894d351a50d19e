import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fileError } from '../base/node/fileError';
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
    const file = await open(temporary, 'w').catch((error: unknown) => Promise.reject(fileError(error, 'write', path)));
    return new RewardFile(path, temporary, file);
  }

  async append(reward: PairReward): Promise<void> {
    await this.file
      .write(`${JSON.stringify(reward)}\n`)
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
    await this.file.close();
    await rm(this.temporary, { force: true });
  }
}
