import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError } from '../base/node/fileError';
import { errorCode, MarginError } from '../base/pure/marginError';

/**
 * Refuses an `output_dir` that no run folder can be made in, before anything is read for the run. Tries it by a folder
 * made and removed again in the nearest one that is there: permissions alone do not tell of read-only or virtual file
 * systems, and making the missing folders under /proc at once does not end (nodejs/node, recursive mkdir).
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
