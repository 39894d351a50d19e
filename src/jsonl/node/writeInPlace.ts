import { type FileHandle, open } from 'node:fs/promises';
import { fileError } from '../../base/node/fileError';
import { MarginError } from '../../base/pure/marginError';

const chunkBytes = 1 << 20;

/**
 * Makes the content of `target` that of `whole`, in the file itself: for hard links, mount points, and files whose
 * owner or attributes a new file could not have. What needs room comes first, so that a full disk leaves the file as it
 * was. Where it fails or the process ends later, the file is torn, and `completeFile` holds all of it. Throws MarginError
 * `torn` there, which names it, and file errors.
 */
export async function writeInPlace(completeFile: string, target: string): Promise<void> {
  const whole = await open(completeFile, 'r');
  let file: FileHandle | undefined;
  try {
    file = await open(target, 'r+');
    const { size: newSize } = await whole.stat();
    const { size: oldSize } = await file.stat();
    await growFirst(whole, file, oldSize, newSize);
    try {
      await copy(whole, file, 0, Math.min(oldSize, newSize));
      await file.truncate(newSize);
      await file.sync();
    } catch (error) {
      const { message } = fileError(error, 'write', target);
      const where = `All of what was to be saved is in ${completeFile}.`;
      throw new MarginError('torn', `${message} It was written in part. ${where}`, {
        file: target,
        whole: completeFile,
      });
    }
  } finally {
    await whole.close();
    await file?.close();
  }
}

async function growFirst(whole: FileHandle, file: FileHandle, oldSize: number, newSize: number): Promise<void> {
  try {
    await copy(whole, file, oldSize, newSize);
    await file.sync();
  } catch (error) {
    await file.truncate(oldSize);
    throw error;
  }
}

async function copy(from: FileHandle, to: FileHandle, start: number, end: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let at = start; at < end;) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(chunkBytes, end - at), at);
    if (bytesRead === 0) throw new Error('the copy ended early');
    for (let done = 0; done < bytesRead;) {
      done += (await to.write(buffer, done, bytesRead - done, at + done)).bytesWritten;
    }
    at += bytesRead;
  }
}
