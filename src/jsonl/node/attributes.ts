import { execFile } from 'node:child_process';
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { errorCode } from '../../base/pure/marginError';

/**
 * Gives a new file the owner, group, permission bits, access control list and extended attributes of an old one.
 * Answers false where the system does not permit it, so that the new file would not be what the old one is.
 *
 * Node knows neither lists nor attributes: on Linux GNU's `cp` copies them. Without it, and on other systems, they are
 * not known and stay behind.
 */
export async function takeAttributes(handle: FileHandle, name: string, old: Stats, oldName: string): Promise<boolean> {
  const { uid, gid } = await handle.stat();
  try {
    if (uid !== old.uid || gid !== old.gid) await handle.chown(old.uid, old.gid);
    await handle.chmod(old.mode & 0o7777);
  } catch (error) {
    if (errorCode(error) === 'EPERM' || errorCode(error) === 'EINVAL') return false;
    throw error;
  }
  return process.platform !== 'linux' || copyWithCp(oldName, name);
}

/** Long enough for a slow network disk; a save goes on in place after that. */
const cpMs = 10_000;

function copyWithCp(from: string, to: string): Promise<boolean> {
  const options = ['--attributes-only', '--preserve=mode,xattr', '--', from, to];
  const settings = { timeout: cpMs, env: { ...process.env, LC_ALL: 'C' } };
  return new Promise((resolve) => {
    execFile('cp', options, settings, (error, _, complaint) => {
      // No cp, or one that is not GNU's: nothing can be told.
      resolve(error === null || errorCode(error) === 'ENOENT' || /option|not supported/i.test(complaint));
    });
  });
}
