import { closeSync, fstatSync, readSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { fileError } from '../../../base/node/fileError';
import { openForAppending } from '../../../base/node/smallFile';
import { MarginError } from '../../../base/pure/marginError';

const newline = 0x0a;
const writeTo = promisify(write);

/**
 * Appends lines to a marks file, and creates it if there is none. Each call is one write in append mode, so that
 * processes that append at the same time lose nothing. If the last line of the file has no line end, it gets one first.
 * A link is refused: in a folder of somebody else it may lead to any file of the user.
 *
 * @throws MarginError `not-a-file`, `disk-full`, `not-writable` and others of {@link fileError}; nothing was written
 *   then, except on a disk that became full during the write
 */
export async function appendMarks(path: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  try {
    const file = openForAppending(path);
    try {
      const text = lines.map((line) => `${line}\n`).join('');
      const bytes = Buffer.from(endsInLine(file) ? `\n${text}` : text);
      const { bytesWritten } = await writeTo(file, bytes);
      if (bytesWritten === bytes.length) return;
      const message = `Cannot write ${path}: the disk is full, and the last mark is incomplete. Free some space and make it again.`;
      throw new MarginError('disk-full', message, { path });
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw fileError(error, 'write', path);
  }
}

/** Whether the last line of a file lacks its line end. */
function endsInLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] !== newline;
}
