import { setTimeout as sleep } from 'node:timers/promises';
import { MarginError } from '../base/pure/marginError';
import { isLiving } from './alive';
import { readRun } from './find';
import { writeControl } from './folder';
import type { RunControl } from './runControl';
import type { RunStatus } from './types';

const pollMs = 200;

/** The status that fulfils a request. The end of the run fulfils every request. */
const statusOf: Readonly<Record<RunControl['want'], RunStatus | null>> = {
  run: 'running',
  pause: 'paused',
  stop: null,
};

/** Asks a run to continue, to pause, or to save and stop. It obeys between steps. Error `run-not-alive`. */
export async function askRun(folder: string, want: RunControl['want']): Promise<void> {
  const { status } = await readRun(folder);
  if (!isLiving(status)) {
    throw new MarginError(
      'run-not-alive',
      `${folder} is not running (${status}). Continue it with: margin runs resume ${folder}`,
      { folder, status },
    );
  }
  await writeControl(folder, { want });
}

/**
 * Asks a run, then waits until it obeys or ends; returns its status then. Errors: `run-not-alive`, and `no-answer`
 * after `timeoutMs`. The request then stays in control.json, because a long step may delay the answer.
 */
export async function askRunAndWait(
  folder: string,
  want: RunControl['want'],
  timeoutMs: number,
): Promise<RunStatus | 'lost'> {
  await askRun(folder, want);
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(pollMs)) {
    const { status } = await readRun(folder);
    if (status === statusOf[want] || !isLiving(status)) return status;
  }
  throw new MarginError(
    'no-answer',
    `${folder} did not obey "${want}" within ${Math.round(timeoutMs / 1000)} s. It obeys after its current step; see its log.txt.`,
    { folder, want },
  );
}
