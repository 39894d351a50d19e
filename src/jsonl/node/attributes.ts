import { execFile } from 'node:child_process';
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { errorCode } from '../../base/pure/marginError';

/**
 * Gives a new file the owner, group, permission bits, access control list and extended attributes of an old one.
 *
 * Node cannot copy access control lists and attributes, so on Linux GNU's `cp` copies them. Without it, and on other
 * systems, they are lost.
 *
 * @param handle the new file, open
 * @param name the path of the new file
 * @returns false if the system does not permit it, so that the new file would differ from the old one
 * @throws the system's error if the change fails for another reason
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

/** Long enough for a slow network disk. After that the save overwrites the old file in place. */
const cpMs = 10_000;

function copyWithCp(from: string, to: string): Promise<boolean> {
  const options = ['--attributes-only', '--preserve=mode,xattr', '--', from, to];
  const settings = { timeout: cpMs, env: { ...process.env, LC_ALL: 'C' } };
  return new Promise((resolve) => {
    execFile('cp', options, settings, (error, _, errorOutput) => {
      // No cp, or one that is not GNU's: attributes cannot be copied, which must not prevent the save.
      resolve(error === null || errorCode(error) === 'ENOENT' || /option|not supported/i.test(errorOutput));
    });
  });
}
