import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The mode of folders of caches: they hold paths and scores of the user's data, which other users need not see. XDG
 * asks for the same.
 */
export const privateMode = 0o700;

/**
 * The folder for this user's caches: `XDG_CACHE_HOME` (XDG Base Directory Specification), `LOCALAPPDATA` on Windows, or
 * `~/.cache`, with `margin` appended. Everything in it can be deleted at any time.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base =
    env['XDG_CACHE_HOME'] ||
    (process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined) ||
    join(homedir(), '.cache');
  return join(base, 'margin');
}
