import { errorCode, errorMessage, MarginError } from '../pure/marginError';

const reasons: Readonly<Record<string, readonly [code: string, reason: string]>> = {
  ENOSPC: ['disk-full', 'the disk is full; free some space and try again'],
  EFBIG: ['disk-full', 'it would grow larger than this disk or account allows; choose another folder'],
  EDQUOT: ['disk-full', 'your disk quota is used up; free some space and try again'],
  EACCES: ['not-writable', 'you have no permission there; choose another folder or change its permissions'],
  EPERM: ['not-writable', 'the system does not permit it; choose another folder or change its permissions'],
  EROFS: ['not-writable', 'the disk is read-only; choose another folder'],
  ENOTDIR: ['not-a-folder', 'a part of this path is a file, not a folder; choose another folder'],
  ENOENT: ['missing', 'it does not exist'],
  EISDIR: ['not-a-file', 'it is a folder, not a file'],
  ELOOP: ['file', 'its symbolic links lead in a circle'],
  ENAMETOOLONG: ['file', 'its name is too long for this disk; choose a shorter one'],
};

const unreadable = ['not-readable', 'you have no permission to read it; change its permissions'] as const;

/** Whether this is an error of Node's file functions: their codes are capitals (ENOSPC), Margin's are not. */
export function isFileError(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && /^E[A-Z]+$/.test(code);
}

/**
 * Turns a file error of Node into one with a sentence for a person: `Cannot write PATH: the disk is full; free some
 * space and try again.`
 *
 * @param doing what failed
 * @returns a MarginError with the code `disk-full`, `not-writable`, `not-readable`, `not-a-folder`, `not-a-file`,
 *   `missing` or `file`; a MarginError is returned unchanged
 */
export function fileError(error: unknown, doing: 'read' | 'write' | 'create', path: string): MarginError {
  if (error instanceof MarginError) return error;
  const message = errorMessage(error);
  const system = errorCode(error);
  const denied = doing === 'read' && (system === 'EACCES' || system === 'EPERM');
  const known = system === undefined ? undefined : reasons[system];
  const [code, reason] = denied ? unreadable : (known ?? ['file', message]);
  return new MarginError(code, `Cannot ${doing} ${path}: ${reason}.`, { path, cause: message });
}
