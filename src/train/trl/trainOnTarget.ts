import { dirname } from 'node:path';
import { readState, writeControl } from '../../run/folder';
import { findTarget } from '../../trl/targets/findTargets';
import { followLocked } from '../../trl/targets/follow';
import { findHandle, isOpen } from '../../trl/targets/handle';
import { refuseUnlessReady, submitLocked } from '../../trl/targets/submit';
import { refuseUntrusted } from '../../trl/targets/trust';
import type { TargetJob } from '../../trl/targets/types';

export interface OnTarget {
  /** The name of the target. */
  readonly name: string;
  readonly job: TargetJob;
  /** True stops the run. Throws if another process has it. */
  readonly stopping: () => boolean;
}

/**
 * Trains a run on a target. This process submits the job and follows it to its end; if it dies, a resume finds the job
 * again by the handle in the run folder, and submits only what has ended.
 *
 * @returns how the run ended; the run folder says why
 * @throws MarginError those of {@link findTarget} and {@link submitLocked}
 */
export async function trainOnTarget(
  folder: string,
  { name, job, stopping }: OnTarget,
): Promise<'stopped' | 'done' | 'failed'> {
  const before = await findHandle(folder);
  if (before?.job && isOpen(before.phase)) {
    await refuseUntrusted(before.target);
    console.log(`The run is on ${before.target.name} as job ${before.job}; following it.`);
  } else {
    const target = await findTarget(dirname(folder), name);
    await refuseUnlessReady(folder, target);
    const { job: id } = await submitLocked({ folder, job }, target);
    console.log(`Submitted to ${name} as job ${id}.`);
  }
  let asked = false;
  await followLocked(
    folder,
    (line) => console.log(line),
    async () => {
      if (asked || !stopping()) return;
      asked = true;
      await writeControl(folder, { want: 'stop' });
    },
  );
  const status = (await readState(folder))?.status;
  return status === 'done' || status === 'stopped' ? status : 'failed';
}
