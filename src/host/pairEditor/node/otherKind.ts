import { errorMessage } from '../../../base/pure/marginError';
import { containerOf, headBytes, notLines, type ReadOnlyKind, readOnlyKind } from '../../../jsonl/fileKind';
import { CsvRows } from '../../../jsonl/containers/csvRows';
import { openRegular } from '../../../base/node/smallFile';

/** What the content of a file says about how the editor shows it. */
export interface FileKind {
  /** If the editor does not show the rows: a sentence that says what the file is and what to do. Else null. */
  readonly otherKind: string | null;
  /** The kind of a file whose rows are shown but not edited; null if they are edited. */
  readonly readOnlyKind: ReadOnlyKind | null;
}

/** @throws MarginError `missing`, `not-readable`, `not-a-file` */
export async function fileKindOf(file: string, name: string): Promise<FileKind> {
  const handle = await openRegular(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const { size } = await handle.stat();
    const head = buffer.subarray(0, bytesRead);
    const whole = size <= headBytes;
    const other = notLines(head, whole, name);
    if (other) return { otherKind: other.message, readOnlyKind: null };
    const container = containerOf(head, whole, name);
    const mistake = container.kind === 'csv' ? mistakeInHeader(head, new CsvRows(name, container.delimiter)) : null;
    return { otherKind: mistake, readOnlyKind: readOnlyKind(head, whole, name) };
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
