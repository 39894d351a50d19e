import { setTimeout as sleep } from 'node:timers/promises';
import { MarginError } from '../base/pure/marginError';
import { isLiving } from './alive';
import { readRun } from './find';
import { writeControl } from './folder';
import type { RunControl, RunStatus } from './types';

const pollMs = 200;

/** The status that answers a wish; a run that ends meanwhile answers every wish. */
const answers: Readonly<Record<RunControl['want'], RunStatus | null>> = { run: 'running', pause: 'paused', stop: null };

/** Asks a living run to go on, pause, or save and stop; it obeys between steps. Error `run-not-alive`. */
export async function askRun(folder: string, want: RunControl['want']): Promise<void> {
  const { status } = await readRun(folder);
  if (!isLiving(status)) {
    throw new MarginError(
      'run-not-alive',
      `${folder} does not run (${status}). Go on with it by: margin runs resume ${folder}`,
      { folder, status },
    );
  }
  await writeControl(folder, { want });
}

/**
 * Asks, then waits until the run does as asked, or has ended; returns its status then. Error `no-answer` after
 * `timeoutMs`: the wish still stands, a long step may delay it.
 */
export async function askRunAndWait(
  folder: string,
  want: RunControl['want'],
  timeoutMs: number,
): Promise<RunStatus | 'lost'> {
  await askRun(folder, want);
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(pollMs)) {
    const { status } = await readRun(folder);
    if (status === answers[want] || !isLiving(status)) return status;
  }
  throw new MarginError(
    'no-answer',
    `${folder} did not answer "${want}" within ${Math.round(timeoutMs / 1000)} s. It obeys after its present step; see its log.txt.`,
    { folder, want },
  );
}
