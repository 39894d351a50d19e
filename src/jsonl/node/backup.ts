import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../base/node/fileError';
import { readSmallText } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import type { Edit } from '../../pairs/edits';
import { digestOf } from './digest';
import type { LineFile } from './lineFile';
import type { LineIndex } from '../lineIndex';

/** What was known of a file when edits were made on it. It may have grown since. */
export interface BackupBase {
  readonly size: number;
  readonly rows: number;
  /** Of the first `size` bytes. */
  readonly digest: string;
}

/** The longest text that V8 makes; a backup holds every edited line. */
const maxBackupBytes = 512 << 20;

/** What a hot exit keeps of a document: its unsaved edits, and which file they belong to. */
export interface Backup {
  readonly version: 2;
  readonly path: string;
  readonly base: BackupBase;
  readonly edits: readonly Edit[];
}

/**
 * What came of restoring a backup. `base-changed`: the file is not the one that the edits were made on, so none was
 * applied; the file stays as it is now, and the edits can be kept in their backup, exported, or given up.
 */
export type Restored =
  | { readonly kind: 'restored'; readonly edits: number }
  | { readonly kind: 'base-changed'; readonly message: string; readonly edits: readonly Edit[] };

export function backupBase({ bytes, count, sums }: LineIndex): BackupBase {
  return { size: bytes, rows: count, digest: digestOf(sums.fingerprint()) };
}

/** Whether a backup's edits can be applied to a file all of whose lines are known. */
export async function restorable(file: LineFile, { base, edits }: Backup): Promise<Restored> {
  if (await stillHas(file, base)) return { kind: 'restored', edits: edits.length };
  const message = `${file.path} was changed since ${edits.length} unsaved edits were made on it, so they were not applied. The file stays as it is.`;
  return { kind: 'base-changed', message, edits };
}

/** Whether a file still has, line by line, what `base` was: it is the same, or lines came after it. */
async function stillHas(file: LineFile, { size, rows, digest }: BackupBase): Promise<boolean> {
  const { index } = file;
  if (size > index.bytes || (await file.digest(size)) !== digest) return false;
  const row = index.rowAt(size - 1);
  // A last line without a line end may have got one since, but no more text.
  return (
    row >= rows || index.start(row + 1) - (index.endOf(row)?.length ?? 0) === size || index.start(row + 1) === size
  );
}

export async function writeBackup(file: string, backup: Backup): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(backup));
  } catch (error) {
    throw fileError(error, 'write', file);
  }
}

/** Throws MarginError `bad-backup`, `too-large`, and those of {@link readSmallText}. */
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
  if (typeof value !== 'object' || value === null) return false;
  return 'version' in value && value.version === 2 && 'base' in value && 'edits' in value && Array.isArray(value.edits);
}
