import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface HubRepo {
  readonly files: Record<string, Buffer>;
  /** Commits by branch. Without it, `main` is a commit of its own. */
  readonly gated?: boolean;
  readonly private?: boolean;
}

/** The token that the server knows; it may read and write all but gated repositories. */
export const goodToken = 'hf_good';
/** A token that may also read gated repositories. */
export const admittedToken = 'hf_admitted';

/** Files of this size and above are of LFS. */
export const lfsBytes = 10_000;

/** A commit is named by what it holds. */
export function commitOf(name: string, files: HubRepo['files']): string {
  const hash = createHash('sha1').update(name);
  for (const [path, content] of Object.entries(files)) hash.update(path).update(content);
  return hash.digest('hex');
}

export const tokenOf = ({ headers }: IncomingMessage): string | null =>
  headers.authorization?.replace('Bearer ', '') ?? null;

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export function refusal(response: ServerResponse, status: number, code: string | null, message: string): true {
  const headers = { ...(code === null ? {} : { 'x-error-code': code }), 'x-error-message': message };
  response
    .writeHead(status, { ...headers, 'content-type': 'application/json' })
    .end(JSON.stringify({ error: message }));
  return true;
}

/** The list of files, as `tree` answers. */
export function treeOf(files: HubRepo['files']): object[] {
  return Object.entries(files).map(([path, content]) => {
    const oid = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
    const lfs = { oid: createHash('sha256').update(content).digest('hex'), size: content.length, pointerSize: 130 };
    return { type: 'file', path, oid, size: content.length, ...(content.length < lfsBytes ? {} : { lfs }) };
  });
}

/** A repository of files, whose contents may be given as text. */
export function repoOf(files: Readonly<Record<string, Buffer | string>>, more: Omit<HubRepo, 'files'> = {}): HubRepo {
  const buffers = Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]);
  return { ...more, files: Object.fromEntries(buffers) as HubRepo['files'] };
}
