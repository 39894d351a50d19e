import { lineBytes } from '../../lineText';
import { saveFile } from '../save';
import { RowCounter, type WriteRowsOptions } from './rowCounter';

/** Bytes that are collected before they are written. */
const bufferBytes = 1 << 20;

/**
 * Writes rows as JSON Lines, one after the other.
 *
 * @param rows each row as JSON on one line, as `JSON.stringify` writes it
 * @returns the number of rows
 * @throws MarginError `disk-full`, `not-writable` and others of file errors; what `rows` throws; the signal's reason.
 *   After an error an existing file is unchanged.
 */
export function writeJsonLines(
  rows: AsyncIterable<string> | Iterable<string>,
  file: string,
  options: WriteRowsOptions = {},
): Promise<number> {
  return saveFile(file, async (handle) => {
    const counter = new RowCounter(options);
    let [parts, waiting]: [Uint8Array[], number] = [[], 0];
    for await (const row of rows) {
      counter.next();
      const bytes = lineBytes(`${row}\n`);
      parts.push(bytes);
      waiting += bytes.length;
      if (waiting < bufferBytes) continue;
      await handle.writeFile(Buffer.concat(parts));
      [parts, waiting] = [[], 0];
    }
    await handle.writeFile(Buffer.concat(parts));
    return counter.rows;
  });
}
