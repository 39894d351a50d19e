import { MarginError } from '../base/pure/marginError';

type Doing = 'read' | 'write';

const sentences: Readonly<Record<string, { readonly code: string; say(file: string, doing: Doing): string }>> = {
  ENOENT: { code: 'not-found', say: (file) => `${file} is not there. Check the path.` },
  EACCES: { code: 'no-access', say: (file, doing) => `${file} may not be ${past(doing)}. Check its permissions and those of its folder.` },
  EPERM: { code: 'no-access', say: (file, doing) => `${file} may not be ${past(doing)}. Check its permissions and those of its folder.` },
  EROFS: { code: 'no-access', say: (file) => `${file} is on a read-only disk. Save it somewhere else.` },
  EISDIR: { code: 'is-a-folder', say: (file) => `${file} is a folder. Name a file in it.` },
  ENOSPC: { code: 'disk-full', say: (file) => `The disk is full: ${file} was not changed. Make room and save again, or save somewhere else.` },
  EFBIG: { code: 'disk-full', say: (file) => `${file} would grow larger than this disk or account allows; it was not changed. Save it somewhere else.` },
  EDQUOT: { code: 'disk-full', say: (file) => `Your disk quota is used up: ${file} was not changed. Make room and save again, or save somewhere else.` },
};

/** The error of a file operation as a MarginError that names the file and what to do; other errors come back as they are. */
export function fileError(error: unknown, file: string, doing: Doing): unknown {
  if (error instanceof MarginError || !(error instanceof Error)) return error;
  const system = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (system === undefined || error.name === 'AbortError') return error;
  const known = sentences[system];
  if (known) return new MarginError(known.code, known.say(file, doing), { file, system });
  return new MarginError('file-failed', `${file} could not be ${past(doing)}: ${error.message}.`, { file, system });
}

function past(doing: Doing): string {
  return doing === 'read' ? 'read' : 'written';
}
