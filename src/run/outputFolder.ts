import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError } from '../base/node/fileError';
import { errorCode, MarginError } from '../base/pure/marginError';

/**
 * Refuses an `output_dir` in which no run folder can be created, before the model and the rows are read. It creates and
 * removes a folder in the nearest parent that exists. Permissions alone would not reveal a read-only or virtual file
 * system, and Node's recursive mkdir never ends under /proc.
 *
 * @throws MarginError `config-file` naming the field
 */
export async function refuseUnwritable(outputDir: string): Promise<void> {
  try {
    await rmdir(await mkdtemp(join(await nearestFolder(outputDir), '.margin-')));
  } catch (error) {
    const { message } = fileError(error, 'write', outputDir);
    throw new MarginError('config-file', `output_dir: ${message}`, { field: 'output_dir', path: outputDir });
  }
}

async function nearestFolder(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    return nearestFolder(dirname(path));
  }
}
