import { open, stat } from 'node:fs/promises';
import type { LineFile } from './lineFile';
import { isCsv } from '../containers/csvLayout';
import type { RowIndex } from '../rowIndex';
import { stampOf } from '../stamp';

const chunkBytes = 1 << 20;

/**
 * Copies bytes to a file that was just saved: those that another program appended to the old file after it was read.
 *
 * @param base the old file, still open
 * @param file the path of the new file
 * @param written the index of the new file
 */
export async function carryOver(base: LineFile, file: string, written: RowIndex): Promise<void> {
  // Nothing can be appended to an array after its "]". CSV that has grown counts as changed, see lookAtDisk.
  if (written.layout === 'array' || isCsv(written.layout)) return;
  // A file that was overwritten in place is still the same file.
  if (await base.isAt(stampOf(await stat(file)))) return;
  let bytes = await base.beyond(chunkBytes);
  if (bytes.length === 0) return;
  const handle = await open(file, 'a');
  try {
    const lineEnd = /^\r?\n/.exec(bytes.subarray(0, 2).toString('latin1'))?.[0];
    // The old file may lack its last line end. The new file has it, or gets it here.
    if (!base.index.finalNewline && written.finalNewline) bytes = bytes.subarray(lineEnd?.length);
    else if (!written.finalNewline && lineEnd === undefined) await handle.writeFile(written.lineEnd);
    for (let offset = base.index.bytes; bytes.length > 0;) {
      await handle.writeFile(bytes);
      offset += chunkBytes;
      bytes = await base.beyond(chunkBytes, offset);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}
