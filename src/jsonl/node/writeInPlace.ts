import { type FileHandle, open } from 'node:fs/promises';
import { fileError } from '../../base/node/fileError';
import { MarginError } from '../../base/pure/marginError';

const chunkBytes = 1 << 20;

/**
 * Overwrites a file with the content of another one. This is for hard links, mount points, and files whose owner or
 * attributes a new file could not have. It writes the bytes beyond the old size first, so that a full disk leaves the
 * file unchanged.
 *
 * @param completeFile the file with the new content
 * @param target the file to overwrite
 * @throws MarginError `torn` if the file was overwritten in part; it names `completeFile`. File errors before that.
 */
export async function writeInPlace(completeFile: string, target: string): Promise<void> {
  const complete = await open(completeFile, 'r');
  let file: FileHandle | undefined;
  try {
    file = await open(target, 'r+');
    const { size: newSize } = await complete.stat();
    const { size: oldSize } = await file.stat();
    await growFirst(complete, file, oldSize, newSize).catch((error: unknown) => {
      throw error instanceof NotShortened ? torn(error.cause, completeFile, target) : error;
    });
    try {
      await copy(complete, file, 0, Math.min(oldSize, newSize));
      await file.truncate(newSize);
      await file.sync();
    } catch (error) {
      throw torn(error, completeFile, target);
    }
  } finally {
    await complete.close();
    // The bytes are flushed, so a close that fails loses nothing.
    await file?.close().catch(() => undefined);
  }
}

async function growFirst(complete: FileHandle, file: FileHandle, oldSize: number, newSize: number): Promise<void> {
  try {
    await copy(complete, file, oldSize, newSize);
    await file.sync();
  } catch (error) {
    await file.truncate(oldSize).catch(() => {
      throw new NotShortened('the file keeps bytes at its end', { cause: error });
    });
    throw error;
  }
}

/** The file has grown, and the disk does not let it shrink again. The cause is why its end could not be written. */
class NotShortened extends Error {}

function torn(error: unknown, completeFile: string, target: string): MarginError {
  const { message } = fileError(error, 'write', target);
  const where = `The complete content is in ${completeFile}.`;
  return new MarginError('torn', `${message} It was overwritten in part. ${where}`, {
    file: target,
    whole: completeFile,
  });
}

async function copy(from: FileHandle, to: FileHandle, start: number, end: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let offset = start; offset < end;) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(chunkBytes, end - offset), offset);
    if (bytesRead === 0) throw new Error('the copy ended early');
    for (let done = 0; done < bytesRead;) {
      done += (await to.write(buffer, done, bytesRead - done, offset + done)).bytesWritten;
    }
    offset += bytesRead;
  }
}
