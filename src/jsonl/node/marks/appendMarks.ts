import { type FileHandle, open } from 'node:fs/promises';
import { fileError } from '../../../base/node/fileError';
import { MarginError } from '../../../base/pure/marginError';

const newline = 0x0a;

/**
 * Appends lines to a marks file, and creates it if there is none. Each call is one write in append mode, so that
 * processes that append at the same time lose nothing. If the last line of the file has no line end, it gets one first.
 *
 * @throws MarginError `disk-full`, `not-writable` and others of {@link fileError}; nothing was written then, except on
 *   a disk that became full during the write
 */
export async function appendMarks(path: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  try {
    const file = await open(path, 'a+');
    try {
      const text = lines.map((line) => `${line}\n`).join('');
      const bytes = Buffer.from((await endsInLine(file)) ? `\n${text}` : text);
      const { bytesWritten } = await file.write(bytes);
      if (bytesWritten === bytes.length) return;
      const message = `Cannot write ${path}: the disk is full, and the last mark is incomplete. Free some space and make it again.`;
      throw new MarginError('disk-full', message, { path });
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, 'write', path);
  }
}

/** Whether the last line of a file lacks its line end. */
async function endsInLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== newline;
}
