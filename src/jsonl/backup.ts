import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Edit } from '../pairs/edits';
import { readSmallText } from '../base/node/smallFile';
import { MarginError } from '../base/pure/marginError';
import { fileError } from './fileError';
import type { Fingerprint } from './fingerprint';

/** The longest text that V8 makes; a backup holds every edited line. */
const maxBackupBytes = 512 << 20;

/** What a hot exit keeps of a document: its unsaved edits, and which file they belong to. */
export interface Backup {
  readonly version: 1;
  readonly path: string;
  readonly base: Fingerprint;
  readonly edits: readonly Edit[];
}

/**
 * What came of restoring a backup. `base-changed`: the file is not the one that the edits were made on, so none was
 * applied; the file stays as it is now, and the edits can be kept in their backup, exported, or given up.
 */
export type Restored =
  | { readonly kind: 'restored'; readonly edits: number }
  | { readonly kind: 'base-changed'; readonly message: string; readonly edits: readonly Edit[] };

export async function writeBackup(file: string, backup: Backup): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(backup));
  } catch (error) {
    throw fileError(error, file, 'write');
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
  throw new MarginError('bad-backup', `${file} is not a backup of Margin, or one of a newer version. The file itself was not changed.`, { file });
}

function isBackup(value: unknown): value is Backup {
  if (typeof value !== 'object' || value === null) return false;
  return 'version' in value && value.version === 1 && 'base' in value && 'edits' in value && Array.isArray(value.edits);
}
