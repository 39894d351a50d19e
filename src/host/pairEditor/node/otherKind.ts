import { errorMessage } from '../../../base/pure/marginError';
import { containerOf, headBytes, notLines } from '../../../jsonl/fileKind';
import { CsvRows } from '../../../jsonl/node/containers/csvRows';
import { openRegular } from '../../../base/node/smallFile';

/**
 * A sentence for a file whose rows the editor does not read: what the file is, and what to do. Null if it reads them.
 */
export async function otherKindOf(file: string, name: string): Promise<string | null> {
  const handle = await openRegular(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const { size } = await handle.stat();
    const head = buffer.subarray(0, bytesRead);
    const other = notLines(head, size <= headBytes, name);
    if (other) return other.message;
    const container = containerOf(head, size <= headBytes, name);
    return container.kind === 'csv' ? mistakeInHeader(head, new CsvRows(name, container.delimiter)) : null;
  } finally {
    await handle.close();
  }
}

/** Without its header, no row of a CSV file can be read. */
function mistakeInHeader(head: Uint8Array, rows: CsvRows): string | null {
  try {
    rows.push(head);
    return null;
  } catch (error) {
    return errorMessage(error);
  }
}
