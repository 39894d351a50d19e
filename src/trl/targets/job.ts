import { errorMessage, MarginError } from '../../base/pure/marginError';
import { isOpen, readHandle, writeHandle } from './handle';
import { runProgram } from './programs';
import { valuesOf } from './submit';
import { filledCommand } from './template';
import { refuseUntrusted } from './trust';
import type { JobPhase, TargetHandle } from './types';

/** What a target says about a job. */
export interface JobStatus {
  readonly phase: JobPhase;
  /** The target's own word. */
  readonly word: string;
}

/**
 * Asks the target about a job.
 *
 * @throws MarginError `target-not-trusted` | `target-program-missing` | `target-command`, also for a word that the
 *   template does not have
 */
export async function statusOf(folder: string, handle: TargetHandle): Promise<JobStatus> {
  const { template, name } = handle.target;
  await refuseUntrusted(handle.target);
  if (handle.job === null) return { phase: 'gone', word: '' };
  const values = valuesOf(folder, handle.target, handle.job);
  const printed = await runProgram(filledCommand(template.status, values)).catch((error: unknown) => {
    if (template.gone !== '' && errorMessage(error).includes(template.gone)) return null;
    throw error;
  });
  if (printed === null || printed.trim() === '') return { phase: 'gone', word: '' };
  const word = new RegExp(template.phase, 'm').exec(printed)?.[1];
  const phase = word === undefined ? undefined : template.phases[word];
  if (word !== undefined && phase !== undefined) return { phase, word };
  const message = `The target ${name} said of job ${handle.job}: ${printed.trim().slice(0, 300)}. Its template knows no such phase.`;
  throw new MarginError('target-command', message, { printed: printed.slice(0, 300) });
}

/**
 * Asks the target to end a job. Its follower sees it end. Returns false if it had ended already.
 *
 * @throws MarginError `no-target` | `target-not-trusted` | `target-command`
 */
export async function cancelJob(folder: string): Promise<boolean> {
  const handle = await readHandle(folder);
  await refuseUntrusted(handle.target);
  if (handle.job === null || !isOpen(handle.phase)) return false;
  // Written first: a follower that sees the job end must know that somebody wanted it.
  await writeHandle(folder, { ...handle, cancelled: true });
  await runProgram(filledCommand(handle.target.template.cancel, valuesOf(folder, handle.target, handle.job)));
  return true;
}
