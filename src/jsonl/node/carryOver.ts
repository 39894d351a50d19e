import { open, stat } from 'node:fs/promises';
import type { LineFile } from './lineFile';
import type { LineIndex } from '../lineIndex';
import { stampOf } from '../stamp';

const chunkBytes = 1 << 20;

/**
 * Appends to a file that was just saved what another program appended to the one it replaced, after that was read.
 * `base` is the replaced file, still open, `written` the index of the new one.
 */
export async function carryOver(base: LineFile, file: string, written: LineIndex): Promise<void> {
  // A file that was written in place is the same one still.
  if (await base.isAt(stampOf(await stat(file)))) return;
  let bytes = await base.beyond(chunkBytes);
  if (bytes.length === 0) return;
  const handle = await open(file, 'a');
  try {
    const starts = /^\r?\n/.exec(bytes.subarray(0, 2).toString('latin1'))?.[0] ?? '';
    // A line end that was still missing in the base stands in the new file, or is put there.
    if (!base.index.finalNewline && written.finalNewline) bytes = bytes.subarray(starts.length);
    else if (!written.finalNewline && starts === '') await handle.writeFile(written.lineEnd);
    for (let at = base.index.bytes; bytes.length > 0;) {
      await handle.writeFile(bytes);
      at += chunkBytes;
      bytes = await base.beyond(chunkBytes, at);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}
