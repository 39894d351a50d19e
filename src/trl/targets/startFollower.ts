import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../base/node/makeFolder';
import { openForAppending } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { holderOf } from '../../run/lock';
import { findHandle, isOpen } from './handle';

/** The bundled command line, and the Node (or Electron) that runs it. */
export interface FollowerProgram {
  readonly cli: string;
  readonly node: string;
}

/**
 * Makes sure that a process follows the job of a run. It outlives this one, and prints to `RUN/trl/follow.txt`. Does
 * nothing if the run is on no target, its job has ended, or a process follows it already.
 *
 * @throws MarginError `follower-missing`, and those of the folder
 */
export async function ensureFollower(
  folder: string,
  { cli, node }: FollowerProgram,
): Promise<'started' | 'not needed'> {
  const handle = await findHandle(folder);
  if (handle === null || !isOpen(handle.phase) || (await holderOf(folder)) !== null) return 'not needed';
  await makeFolder(join(folder, 'trl'));
  const log = openForAppending(join(folder, 'trl', 'follow.txt'));
  try {
    const child = spawn(node, [cli, 'targets', 'follow', folder], {
      cwd: dirname(cli),
      detached: true,
      stdio: ['ignore', log, log],
      // Inside VS Code, execPath is Electron. It runs a script like Node only if this is set.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      windowsHide: true,
    });
    await once(child, 'spawn').catch((error: unknown) => {
      throw new MarginError('follower-missing', `Cannot follow the run with ${node}: ${String(error)}`, { node });
    });
    child.unref();
    return 'started';
  } finally {
    closeSync(log);
  }
}
