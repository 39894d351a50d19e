import { isUnchanged } from '../reward/cachedReference';
import { sha256Of } from '../base/node/fileHash';
import { writeRunConfig } from '../run/folder';
import type { ModelFingerprint, RunConfig } from '../run/types';

/** The record of the model that a run trains, in its config.json. */
export class ModelRecord {
  private completed: Promise<RunConfig> | null = null;

  constructor(
    private readonly folder: string,
    private readonly run: RunConfig,
  ) {}

  /**
   * Hashes what the run was made without: large files, of which a second reads one GB. So it is not done before the
   * first step. A file that has changed meanwhile gets no hash.
   */
  complete(): Promise<RunConfig> {
    return (this.completed ??= this.hashed());
  }

  private async hashed(): Promise<RunConfig> {
    const { folder, run } = this;
    if (run.model.every(({ sha256 }) => sha256 !== null)) return run;
    const model: ModelFingerprint[] = [];
    for (const file of run.model) model.push(await this.withHash(file));
    const complete = { ...run, model };
    await writeRunConfig(folder, complete);
    return complete;
  }

  private async withHash(file: ModelFingerprint): Promise<ModelFingerprint> {
    if (file.sha256 !== null) return file;
    const sha256 = await sha256Of(file.path).catch(() => null);
    // Asked behind the reading: what was read is what the run began with. One that cannot be read is told by whoever
    // needs it.
    return (await isUnchanged(file, this.run.created)) ? { ...file, sha256 } : file;
  }
}
