import { access } from 'node:fs/promises';

/** Whether there is a file or folder that this process may look at. Does not reject. */
export async function pathExists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
