import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from '../base/node/fileError';
import { MarginError } from '../base/pure/marginError';
import { isEventFile, readTensorBoard } from './tensorBoard';
import type { TrackedRun } from './trackedRun';
import { readTrackio } from './trackio';
import { readTrainerFolder, trainerStateFile } from './trainerState';

/**
 * Reads the runs of other programs at a path: the `output_dir` of a TRL trainer, a folder of such folders, a log folder
 * or event file of TensorBoard, a project database of Trackio (`.db`), or Trackio's folder of them. The runs of a
 * trainer that also logs for TensorBoard are both read: each log has what the other has not.
 *
 * @throws MarginError `missing` if there is nothing, and those of the readers
 */
export async function readTracked(path: string): Promise<TrackedRun[]> {
  const isFolder = await isDirectory(path);
  const runs = isFolder ? await readFolder(path) : await readFile(path);
  if (runs.length > 0) return runs;
  const wanted = 'trainer_state.json, event files of TensorBoard or databases of Trackio';
  throw new MarginError(
    'missing',
    `${path} has no ${wanted}. Name the output_dir of a run, a log folder or a .db file.`,
    {
      path,
    },
  );
}

async function readFile(path: string): Promise<TrackedRun[]> {
  if (basename(path) === trainerStateFile) return trainerFolders([dirname(path)]);
  if (path.endsWith('.db')) return readTrackio(path);
  return isEventFile(basename(path)) ? readTensorBoard(path) : [];
}

async function readFolder(folder: string): Promise<TrackedRun[]> {
  const entries = await list(folder);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const runs: TrackedRun[] = [];
  const own = await readTrainerFolder(folder);
  if (own) runs.push(own);
  else runs.push(...(await trainerFolders(folders)));
  for (const { name } of entries.filter((entry) => entry.isFile() && entry.name.endsWith('.db')))
    runs.push(...(await readTrackio(join(folder, name))));
  return [...runs, ...(await readTensorBoard(folder))];
}

async function trainerFolders(folders: readonly string[]): Promise<TrackedRun[]> {
  const runs: TrackedRun[] = [];
  for (const folder of folders) {
    const run = await readTrainerFolder(folder);
    if (run) runs.push(run);
  }
  return runs;
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw fileError(error, 'read', folder);
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}
