import { constants, closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { isRecord } from '../pure/isRecord';
import { beyondBounds, type JsonBounds } from '../pure/jsonBounds';
import { errorCode, MarginError } from '../pure/marginError';
import { fileError } from './fileError';

/**
 * The only module that reads small files which other programs may have written. It reads regular files only, no more
 * bytes than the caller allows, and JSON of bounded depth. Each caller defines its limit next to the file's name.
 */

/** Opening a FIFO must not block. Windows has neither this flag nor such files. */
const noBlock = constants.O_NONBLOCK ?? 0;
/** A file to append to must not be a link that leads out of its folder. Windows has no such flag. */
const noLink = constants.O_NOFOLLOW ?? 0;
const chunkBytes = 1 << 16;
/**
 * Files of Margin and PEFT nest about ten levels deep, and recursive code copes with thousands. A trainer.json has an
 * object for each step since the last point of the curves.
 */
const bounds: JsonBounds = { depth: 100, containers: 1_000_000 };

interface FileKind {
  isFile(): boolean;
  isDirectory(): boolean;
}

/**
 * Opens a regular file for reading. It refuses a FIFO, a device, a socket or a folder: reading one may block forever,
 * never end, or have an effect on hardware.
 *
 * @throws MarginError `not-a-file`, and those of {@link fileError}
 */
export async function openRegular(path: string): Promise<FileHandle> {
  try {
    // Opening a device may have an effect, so check first; check again in case the file was replaced in between.
    refuseSpecial(path, await stat(path));
    const file = await open(path, constants.O_RDONLY | noBlock);
    try {
      refuseSpecial(path, await file.stat());
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

/**
 * Opens a regular file for reading and appending, and creates it if it is missing. It refuses a link: in a run folder
 * that somebody else made, a link may lead to any other file of the user.
 *
 * @returns a file descriptor
 * @throws MarginError `not-a-file`, and those of {@link fileError}
 */
export function openForAppending(path: string): number {
  const { O_RDWR, O_APPEND, O_CREAT } = constants;
  try {
    const before = statSync(path, { throwIfNoEntry: false });
    if (before) refuseSpecial(path, before);
    const file = openSync(path, O_RDWR | O_APPEND | O_CREAT | noBlock | noLink, 0o666);
    try {
      refuseSpecial(path, fstatSync(file));
      return file;
    } catch (error) {
      closeSync(file);
      throw error;
    }
  } catch (error) {
    if (errorCode(error) !== 'ELOOP') throw fileError(error, 'write', path);
    throw new MarginError(
      'not-a-file',
      `${path} is a link, and Margin appends to no file behind a link. Delete the link.`,
      { path },
    );
  }
}

/**
 * The bytes of a small file that others may have written: a regular file of at most `maxBytes` bytes.
 *
 * @throws MarginError `not-a-file` | `too-large`, and those of {@link fileError}
 */
export async function readSmallFile(path: string, maxBytes: number): Promise<Buffer> {
  const file = await openRegular(path);
  try {
    if ((await file.stat()).size > maxBytes) throw tooLarge(path, maxBytes);
    // Read in chunks: files of /proc report a size of 0, and any file may grow meanwhile.
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, null);
      if (bytesRead === 0) return Buffer.concat(chunks, length);
      chunks.push(buffer.subarray(0, bytesRead));
      length += bytesRead;
      if (length > maxBytes) throw tooLarge(path, maxBytes);
    }
  } catch (error) {
    throw fileError(error, 'read', path);
  } finally {
    await file.close();
  }
}

/** Like {@link readSmallFile}, as UTF-8 text. */
export async function readSmallText(path: string, maxBytes: number): Promise<string> {
  return (await readSmallFile(path, maxBytes)).toString('utf8');
}

/**
 * The last `maxBytes` bytes of a regular file as text, without an incomplete first line.
 *
 * @throws MarginError as {@link openRegular}
 */
export async function readEnd(path: string, maxBytes: number): Promise<string> {
  const file = await openRegular(path);
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - maxBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, maxBytes)), 0, null, start);
    const text = buffer.toString('utf8', 0, bytesRead);
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } catch (error) {
    throw fileError(error, 'read', path);
  } finally {
    await file.close();
  }
}

/**
 * The object in a small JSON file.
 *
 * @throws MarginError `corrupt` if the file is not a JSON object or nests too deep, and those of {@link readSmallFile}
 */
export async function readJsonObject(path: string, maxBytes: number): Promise<Readonly<Record<string, unknown>>> {
  return parseJsonObject(await readSmallText(path, maxBytes), path);
}

/** Like {@link readJsonObject}, for a text that was read from `path`. */
export function parseJsonObject(text: string, path: string): Readonly<Record<string, unknown>> {
  const beyond = beyondBounds(text, bounds);
  if (beyond !== null) {
    throw new MarginError('corrupt', `${path} is damaged: ${beyond}. Restore it or delete it.`, { path });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Reported below, like JSON that is not an object.
  }
  throw new MarginError('corrupt', `${path} is not a JSON object: the file is damaged. Restore it or delete it.`, {
    path,
  });
}

function refuseSpecial(path: string, info: FileKind): void {
  if (info.isFile()) return;
  const what = info.isDirectory() ? 'a folder' : 'not a regular file (a pipe, device or socket)';
  throw new MarginError('not-a-file', `${path} is ${what}. Name a regular file.`, { path });
}

function tooLarge(path: string, maxBytes: number): MarginError {
  const limit = maxBytes < 1 << 20 ? `${Math.floor(maxBytes / 1024)} KB` : `${Math.floor(maxBytes / (1 << 20))} MB`;
  const message = `${path} is larger than ${limit}, so it is not read: no file of its kind is that large.`;
  return new MarginError('too-large', message, { path, maxBytes });
}
