import { MarginError } from '../pure/marginError';
import { fileError } from './fileError';
import { openRegular } from './smallFile';

const chunkBytes = 1 << 18;
const newline = 0x0a;

export interface NumberedLine {
  /** From 1. */
  readonly number: number;
  /** Without its line end. */
  readonly text: string;
}

/**
 * Reads a regular file of any size line by line. A line ends with LF or CR LF.
 *
 * @param maxLineBytes the longest accepted line
 * @throws MarginError `corrupt` with the number of a longer line, and those of {@link openRegular}
 */
export async function* readLines(path: string, maxLineBytes: number): AsyncGenerator<NumberedLine> {
  const file = await openRegular(path);
  try {
    let [rest, number] = [Buffer.alloc(0), 1];
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, null);
      if (bytesRead === 0) break;
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      let start = 0;
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
        yield { number: number++, text: lineText(bytes.subarray(start, end)) };
        start = end + 1;
      }
      rest = bytes.subarray(start);
      if (rest.length > maxLineBytes) throw tooLong(path, number, maxLineBytes);
    }
    if (rest.length > 0) yield { number, text: lineText(rest) };
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? fileError(error, 'read', path) : error;
  } finally {
    await file.close();
  }
}

function lineText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

function tooLong(path: string, line: number, maxLineBytes: number): MarginError {
  const message = `${path}:${line} is longer than ${maxLineBytes >> 20} MB: the file is damaged. Restore it or delete it.`;
  return new MarginError('corrupt', message, { path, line });
}
