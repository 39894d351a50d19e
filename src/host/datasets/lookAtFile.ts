import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { openRegular } from '../../base/node/smallFile';
import { notLines } from '../../jsonl/fileKind';
import { mayHold } from './mayHold';
import { rowsIn } from './rowsIn';

/** What a file is to the list of datasets. */
export type Look =
  | { readonly kind: 'pairs' | 'judged'; readonly shape: string }
  /** May hold preference data, but Margin cannot read it. `rows`: the editor can show its lines. */
  | { readonly kind: 'unread'; readonly reason: string; readonly rows: boolean };

/** Enough of a file to tell what it is; more only where its first row is longer. */
const headBytes = 1 << 18;
/** A first row longer than this is not read for a list. */
const maxHead = 1 << 24;

/**
 * Looks at the start of a file that may hold preference data. Reads 256 KB, or as far as its first line goes, at most
 * 16 MB.
 *
 * @returns null for a file that holds something else, as a package.json does
 * @throws MarginError `not-a-file` and those of reading
 */
export async function lookAtFile(path: string): Promise<Look | null> {
  const file = await openRegular(path);
  try {
    const name = basename(path);
    const { size } = await file.stat();
    const head = await headOf(file, Math.min(size, maxHead));
    if (!(await mayHold(name, head, { size, read: (position, length) => readAt(file, position, length) }))) return null;
    const whole = head.length === size;
    const other = notLines(head, whole, name);
    // Said behind the name, which the list shows already.
    if (other) return { kind: 'unread', reason: other.message.slice(name.length + 1), rows: false };
    return named(name, rowsIn(head, whole));
  } finally {
    await file.close();
  }
}

/** The editor, training and scoring take `.jsonl` alone. */
function named(name: string, look: Look): Look {
  if (/\.jsonl$/i.test(name) || look.kind === 'unread') return look;
  const reason = `holds rows as JSON Lines: rename it to ${name.replace(/\.[^.]*$/, '')}.jsonl.`;
  return { kind: 'unread', reason, rows: false };
}

/** The first bytes, with at least one whole line where there is one within `limit`. */
async function headOf(file: FileHandle, limit: number): Promise<Buffer> {
  for (let length = Math.min(headBytes, limit); ; length = Math.min(length * 8, limit)) {
    const head = await readAt(file, 0, length);
    if (length >= limit || head.length < length || head.includes(10)) return head;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
