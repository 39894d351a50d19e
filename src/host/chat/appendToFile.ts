import { type FileHandle, open } from 'node:fs/promises';
import { fileError } from '../../base/node/fileError';
import { openRegular } from '../../base/node/smallFile';
import { errorCode } from '../../base/pure/marginError';
import type { Pair } from '../../pairs/pair';
import type { Reading } from '../../pairs/reading';
import { chatLine, type ChatProvenance } from './provenance';

/** The longest last line that is looked at. */
const lastBytes = 1 << 20;
const newline = 0x0a;

/** A pair that was appended. */
export interface AppendedPair {
  /** The label of the format in which it was written. */
  readonly format: string;
  /** Takes the pair back. @returns false: the file was changed since, so the pair stays */
  readonly undo: () => Promise<boolean>;
}

/**
 * Appends a pair to a file of JSON Lines, which is made if it is missing.
 *
 * @throws MarginError `not-a-file`, and those of {@link fileError}
 */
export async function appendToFile(
  path: string,
  pair: Pair,
  provenance: ChatProvenance,
  reading: Reading,
): Promise<AppendedPair> {
  const { last, end, size } = await endOf(path);
  const { line, format } = chatLine(pair, provenance, last, reading);
  const bytes = Buffer.from(`${size > 0 && !end.ended ? end.lineEnd : ''}${line}${end.lineEnd}`);
  try {
    const file = await open(path, 'a');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } catch (error) {
      // A part of a line would be a row that cannot be read. Other bytes may follow it only if others write too.
      await cutBack(file, size, bytes);
      throw error;
    } finally {
      // The bytes are on the disk, or an error says why not: a close that fails says nothing new.
      await file.close().catch(() => undefined);
    }
  } catch (error) {
    throw fileError(error, 'write', path);
  }
  return { format, undo: () => takeBack(path, size, bytes) };
}

/** Removes what was written of the bytes, if nothing follows it. What kept them from the disk may keep this from it. */
async function cutBack(file: FileHandle, size: number, bytes: Buffer): Promise<void> {
  const now = await file.stat().catch(() => null);
  if (now !== null && now.size > size && now.size <= size + bytes.length)
    await file.truncate(size).catch(() => undefined);
}

/** Cuts the file before the bytes, if it still ends with them. */
async function takeBack(path: string, size: number, bytes: Buffer): Promise<boolean> {
  try {
    const file = await open(path, 'r+');
    try {
      if ((await file.stat()).size !== size + bytes.length) return false;
      const { buffer } = await file.read(Buffer.alloc(bytes.length), 0, bytes.length, size);
      if (!buffer.equals(bytes)) return false;
      await file.truncate(size);
      await file.sync();
      return true;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, 'write', path);
  }
}

interface FileEnd {
  /** The last line with text; null if there is none, or if it is too long to be looked at. */
  readonly last: string | null;
  readonly end: { readonly ended: boolean; readonly lineEnd: string };
  /** Bytes. */
  readonly size: number;
}

/** @throws MarginError those of {@link openRegular}, but not `missing`: that is an empty file */
async function endOf(path: string): Promise<FileEnd> {
  const empty: FileEnd = { last: null, end: { ended: true, lineEnd: '\n' }, size: 0 };
  const file = await openRegular(path).catch((error: unknown) => {
    if (errorCode(error) === 'missing') return null;
    throw error;
  });
  if (file === null) return empty;
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - lastBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const bytes = buffer.subarray(0, bytesRead);
    const text = bytes.toString('utf8').replace(/^\ufeff/, '');
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
    // The first line may lack its start.
    const last = (from > 0 && lines.length < 2 ? null : lines.at(-1)) ?? null;
    const lineEnd = /\r\n[^\n]*$|\r\n$/.test(text) ? '\r\n' : '\n';
    return { last, end: { ended: bytes.at(-1) === newline, lineEnd }, size };
  } finally {
    await file.close();
  }
}
