import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../base/node/fileError';
import { replaceFile } from '../../base/node/replaceFile';
import { readSmallText } from '../../base/node/smallFile';
import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import type { Edit } from '../../pairs/edits';
import { digestOf } from './digest';
import type { LineFile } from './lineFile';
import type { RowIndex } from '../rowIndex';

/** The file as it was when the edits of a backup were made. It may have grown since. */
export interface BackupBase {
  /** Bytes. */
  readonly size: number;
  /** Number of lines. */
  readonly rows: number;
  /** The digest of the first `size` bytes; see `digestOf`. */
  readonly digest: string;
}

/** V8's longest string. A backup holds every edited line. */
const maxBackupBytes = 512 << 20;

/** Characters of a backup that are written together. */
const chunkLength = 1 << 20;

/** The part of a document that VS Code's hot exit keeps: its unsaved edits, and the file that they belong to. */
export interface Backup {
  readonly version: 2;
  readonly path: string;
  readonly base: BackupBase;
  readonly edits: readonly Edit[];
}

/**
 * The result of restoring a backup. `base-changed`: the file has other lines than when the edits were made, so no edit
 * was applied. The caller may keep the edits in their backup, export them, or discard them.
 */
export type Restored =
  | { readonly kind: 'restored'; readonly edits: number }
  | { readonly kind: 'base-changed'; readonly message: string; readonly edits: readonly Edit[] };

/** The record of a file in a backup. All of its lines must be known. */
export function backupBase({ bytes, count, sums }: RowIndex): BackupBase {
  return { size: bytes, rows: count, digest: digestOf(sums.fingerprint()) };
}

/** Whether the edits of a backup can be applied to a file whose lines are all known; applies nothing. */
export async function restorable(file: LineFile, { base, edits }: Backup): Promise<Restored> {
  if (await stillHas(file, base)) return { kind: 'restored', edits: edits.length };
  const message = `${file.path} was changed since ${edits.length} unsaved edits were made on it, so they were not applied. The file stays as it is.`;
  return { kind: 'base-changed', message, edits };
}

/** Whether a file still has the lines of `base`: it is unchanged, or lines were appended. */
async function stillHas(file: LineFile, { size, rows, digest }: BackupBase): Promise<boolean> {
  const { index } = file;
  if (size > index.bytes || (await file.digest(size)) !== digest) return false;
  const row = index.rowAt(size - 1);
  // A last line without a line end may have a line end now, but no more text.
  const endLength = index.endOf(row)?.length ?? 0;
  return row >= rows || index.start(row + 1) - endLength === size || index.start(row + 1) === size;
}

/**
 * Writes a backup, in chunks so that many edits do not block the thread. An older one stays until the new one is whole.
 *
 * @throws MarginError as {@link fileError}
 */
export async function writeBackup(file: string, backup: Backup): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await replaceFile(file, chunksOf(backup));
  } catch (error) {
    throw fileError(error, 'write', file);
  }
}

/** @throws MarginError `bad-backup` for other content, and those of {@link readSmallText} */
export async function readBackup(file: string): Promise<Backup> {
  const text = await readSmallText(file, maxBackupBytes);
  try {
    const value: unknown = JSON.parse(text);
    if (isBackup(value)) return value;
  } catch {
    // Not JSON: the error below says so.
  }
  throw new MarginError(
    'bad-backup',
    `${file} is not a backup of Margin, or one of another version. The file itself was not changed.`,
    { file },
  );
}

function isBackup(value: unknown): value is Backup {
  return isRecord(value) && value['version'] === 2 && 'base' in value && Array.isArray(value['edits']);
}

function* chunksOf({ edits, ...rest }: Backup): Generator<string> {
  let chunk = JSON.stringify({ ...rest, edits: [] }).slice(0, -']}'.length);
  for (const [i, edit] of edits.entries()) {
    chunk += (i === 0 ? '' : ',') + JSON.stringify(edit);
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}]}`;
}
