import { stat } from 'node:fs/promises';
import { fileError } from '../../base/node/fileError';
import { LineFile } from '../../jsonl/node/lineFile';

/** Opens a dataset and finds its rows. Errors of {@link LineFile}. */
export async function openDataset(path: string): Promise<LineFile> {
  const file = await LineFile.open(path);
  try {
    await file.readIndex();
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Tells a file from what it was before a save, and from another one that replaces it. @throws MarginError `missing` */
export async function datasetStamp(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return `${size} ${mtimeMs} ${ino}`;
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}
