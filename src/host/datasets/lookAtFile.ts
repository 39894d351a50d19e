import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { openRegular } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { containerOf, layoutOf } from '../../jsonl/fileKind';
import { parquetOutline } from '../../jsonl/node/containers/parquetOutline';
import { firstRows } from '../../jsonl/node/readRows';
import type { Reading } from '../../pairs/reading';
import { mayBeList, mayHold } from './mayHold';
import { elementsIn, lookAtRows, rowsIn, sniffed } from './rowsIn';

/** The facts about a file that the list of datasets shows. */
export type Look =
  | { readonly kind: 'pairs' | 'judged' | 'lists'; readonly shape: string }
  /** May hold preference data that Margin cannot read. `rows`: whether the editor can show its lines. */
  | { readonly kind: 'unread'; readonly reason: string; readonly rows: boolean };

/** Bytes that decide the kind of a file. More are read only if its first row is longer. */
const headBytes = 1 << 18;
/** The most bytes that are read if the first row is longer. */
const maxHead = 1 << 24;

/**
 * Looks at the start of a file that may hold preference data: the first 256 KB, or the first row if that is longer, at
 * most 16 MB.
 *
 * @returns null for a file that holds something else, such as a package.json
 * @throws MarginError `not-a-file` and others of {@link openRegular}
 */
export async function lookAtFile(path: string, reading: Reading): Promise<Look | null> {
  const file = await openRegular(path);
  try {
    const name = basename(path);
    const { size } = await file.stat();
    const head = await headOf(file, Math.min(size, maxHead), name);
    const whole = head.length === size;
    if (await mayHold(name, head, { size, read: (position, length) => readAt(file, position, length) }))
      return await lookAt(path, head, whole, reading);
    return mayBeList(name) ? await knownShape(path, head, whole, reading) : null;
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    return { kind: 'unread', reason: withoutName(error.message, path), rows: false };
  } finally {
    await file.close();
  }
}

async function lookAt(path: string, head: Buffer, whole: boolean, reading: Reading): Promise<Look> {
  const name = basename(path);
  const { kind } = containerOf(head, whole, name);
  if (kind === 'lines' || kind === 'array' || kind === 'objects')
    return rowsIn(head, { whole, layout: layoutOf(head, whole, name), reading });
  if (kind === 'parquet') return await lookAtParquet(path, reading);
  return lookAtRows(await firstRows(path, sniffed), kind === 'csv', reading);
}

/**
 * What a list or table without a telling key holds, such as `messages` and `label` (KTO): null unless a format reads
 * its first rows.
 */
async function knownShape(path: string, head: Buffer, whole: boolean, reading: Reading): Promise<Look | null> {
  try {
    if (containerOf(head, whole, basename(path)).kind === 'lines') return null;
    const look = await lookAt(path, head, whole, reading);
    return look.kind === 'unread' ? null : look;
  } catch (error) {
    // Not Margin's file, so what is wrong with it is no news.
    if (error instanceof MarginError) return null;
    throw error;
  }
}

/** Finds the format by the columns alone. */
async function lookAtParquet(path: string, reading: Reading): Promise<Look> {
  const { rows, columns, example } = await parquetOutline(path);
  if (rows === 0) return { kind: 'unread', reason: 'holds no rows.', rows: false };
  const look = lookAtRows([{ line: 1, text: example }], false, reading);
  if (look.kind !== 'unread') return look;
  const reason = `has the columns ${columns.join(', ')}, which do not show what its rows hold. Run margin check to see it.`;
  return { kind: 'unread', reason, rows: false };
}

/** A reason without the name of the file, which the list shows already. */
function withoutName(message: string, path: string): string {
  const name = [path, basename(path)].find((start) => message.startsWith(start));
  const rest = name === undefined ? message : message.slice(name.length).trim();
  return rest.replace(/^, /, 'cannot be read: ');
}

/** The first bytes of a file: at least one whole row, if one ends within `limit`. */
async function headOf(file: FileHandle, limit: number, name: string): Promise<Buffer> {
  for (let length = Math.min(headBytes, limit); ; length = Math.min(length * 8, limit)) {
    const head = await readAt(file, 0, length);
    const layout = layoutOf(head, false, name);
    const hasRow = layout === 'lines' ? head.includes(10) : elementsIn(head, false).texts.length > 0;
    if (length >= limit || head.length < length || hasRow) return head;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
