import { openRegular } from '../base/node/smallFile';
import { MarginError } from '../base/pure/marginError';
import { fingerprint, missing } from './fingerprint';
import type { FileFingerprint, RunConfig, TrainConfig } from './types';

const field = 'guard_file';
/** The part of a file that is read, in bytes: more than the tokens that a guard measures, in any language. */
const readBytes = 1 << 16;

/** The start of a guard's text. */
export interface GuardText {
  readonly text: string;
  /** Whether the file ends there. */
  readonly isWhole: boolean;
}

/**
 * The first {@link readBytes} bytes of a text, without a character that they cut.
 *
 * @throws MarginError `config-file` with the field if the file is missing, empty, or not UTF-8
 */
export async function readGuardText(path: string): Promise<GuardText> {
  const { bytes, size } = await firstBytes(path).catch((error: unknown) =>
    Promise.reject(missing(error, field, path, 'file')),
  );
  const isWhole = size <= bytes.length;
  const text = textOf(bytes, isWhole);
  if (text === null)
    throw unusable(path, 'is not a text in UTF-8: save it in that encoding, or name another text, such as a .txt file');
  if (text.trim() === '') throw unusable(path, 'is empty: name a text of a page or more that no pair is about');
  return { text, isWhole };
}

/**
 * The fingerprint of the guard's text, for the record of a run; null without a guard.
 *
 * @throws MarginError as {@link readGuardText}
 */
export async function fingerprintGuard({
  guard_file: path,
}: Pick<TrainConfig, 'guard_file'>): Promise<FileFingerprint | null> {
  if (path === null) return null;
  await readGuardText(path);
  return fingerprint(field, path);
}

/** Whether the text of a guard is another one than when the run was made. Errors as {@link readGuardText}. */
export async function isGuardChanged({ config, guard }: Pick<RunConfig, 'config' | 'guard'>): Promise<boolean> {
  const now = await fingerprintGuard(config);
  return now?.sha256 !== guard?.sha256;
}

async function firstBytes(path: string): Promise<{ readonly bytes: Buffer; readonly size: number }> {
  const file = await openRegular(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, readBytes)), 0, null, 0);
    return { bytes: buffer.subarray(0, bytesRead), size };
  } finally {
    await file.close();
  }
}

/** @returns null for bytes that are not UTF-8 */
function textOf(bytes: Buffer, isWhole: boolean): string | null {
  try {
    // With `stream`, a character that is cut at the end is left out.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch {
    return null;
  }
}

const unusable = (path: string, what: string): MarginError =>
  new MarginError('config-file', `${field}: ${path} ${what}.`, { field, path });
