import { stat } from 'node:fs/promises';
import { fileError } from '../base/node/fileError';
import { sha256Of } from '../base/node/fileHash';
import { errorCode, MarginError } from '../base/pure/marginError';
import type { FileFingerprint } from './types';

/** The fingerprint of a file that a key names. @throws MarginError `config-file` with the key as `field` */
export async function fingerprint(field: string, path: string): Promise<FileFingerprint> {
  try {
    return { path, size: (await stat(path)).size, sha256: await sha256Of(path) };
  } catch (error) {
    throw missing(error, field, path, 'file');
  }
}

/** The error of a file or folder that cannot be read, with the key that names it. */
export function missing(error: unknown, field: string, path: string, what: 'file' | 'folder'): MarginError {
  const code = error instanceof MarginError ? error.code : errorCode(error);
  if (code === 'not-a-file')
    return new MarginError('config-file', `${field}: ${fileError(error, 'read', path).message}`, { field, path });
  if (code === 'ENOENT' || code === 'missing')
    return new MarginError(
      'config-file',
      `${field}: there is no ${what} ${path}; correct the path (a relative path starts at the config's folder).`,
      { field, path },
    );
  if (code === 'EISDIR' || code === 'ENOTDIR')
    return new MarginError('config-file', `${field}: ${path} is not a ${what}.`, { field, path });
  const { message } = fileError(error, 'read', path);
  return new MarginError('config-file', `${field}: ${message}`, { field, path });
}
