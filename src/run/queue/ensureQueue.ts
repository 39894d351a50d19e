import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../base/node/makeFolder';
import { openForAppending } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { holderOf } from '../lock';
import type { ProgramOptions } from '../start';
import { readQueue } from './queue';
import { queueFolder } from './workQueue';

/** The name of the bundled program, which is beside the trainer. It runs as `node queue.js OUTPUT_DIR TRAINER`. */
const program = 'queue.js';

/**
 * Makes sure that a process starts the queued runs of a runs folder. It outlives this one. Does nothing if no run waits
 * for this machine, or if such a process works already. Errors: `trainer-missing`, and those of the folder.
 *
 * @param isNew a run was just queued: a process that works now may be about to end, so another one is started anyway
 */
export async function ensureQueue(
  outputDir: string,
  { trainer, node }: ProgramOptions,
  isNew = false,
): Promise<'started' | 'not needed'> {
  const folder = queueFolder(outputDir);
  if (!(await readQueue(outputDir)).some(({ isHere }) => isHere)) return 'not needed';
  await makeFolder(folder);
  if (!isNew && (await holderOf(folder)) !== null) return 'not needed';
  const log = openForAppending(join(folder, 'log.txt'));
  try {
    const child = spawn(node, [join(dirname(trainer), program), outputDir, trainer], {
      cwd: dirname(trainer),
      detached: true,
      stdio: ['ignore', log, log],
      // Inside VS Code, execPath is Electron. It runs a script like Node only if this is set.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      windowsHide: true,
    });
    await once(child, 'spawn').catch((error: unknown) => {
      throw new MarginError('trainer-missing', `Cannot start the queue with ${node}: ${String(error)}`, { node });
    });
    child.unref();
    return 'started';
  } finally {
    closeSync(log);
  }
}
