import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where this user's caches go: XDG on Unix, LOCALAPPDATA on Windows. Whatever lies there can be deleted at any time.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base =
    env['XDG_CACHE_HOME'] ||
    (process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined) ||
    join(homedir(), '.cache');
  return join(base, 'margin');
}
