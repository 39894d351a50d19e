import { isUnchanged } from '../reward/cachedReference';
import { sha256Of } from '../base/node/fileHash';
import { writeRunConfig } from '../run/folder';
import type { ModelFingerprint, RunConfig } from '../run/types';

/** Fingerprints of the model's files in a run's config.json. */
export class ModelRecord {
  private completed: Promise<RunConfig> | null = null;

  constructor(
    private readonly folder: string,
    private readonly run: RunConfig,
  ) {}

  /**
   * Hashes the files whose hash is missing, and writes config.json. Those are large (one GB takes a second), so this
   * comes after the first step. A file that has changed since the run was made gets no hash.
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
    // Checked after reading: then the bytes read are those that the run began with. If the file cannot be read, whoever
    // needs it reports that.
    return (await isUnchanged(file, this.run.created)) ? { ...file, sha256 } : file;
  }
}
