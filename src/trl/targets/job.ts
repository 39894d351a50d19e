import { errorMessage, MarginError } from '../../base/pure/marginError';
import { writeControl } from '../../run/folder';
import { isOpen, readHandle, writeHandle } from './handle';
import { runProgram } from './programs';
import { valuesOf } from './submit';
import { filledCommand } from './template';
import { refuseUntrusted } from './trust';
import type { JobPhase, Target, TargetHandle } from './types';

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
  const { target, job } = handle;
  await refuseUntrusted(target);
  if (job === null) return { phase: 'gone', word: '' };
  const printed = await askTarget(target, filledCommand(target.template.status, valuesOf(folder, target, job)));
  if (printed.trim() === '') return { phase: 'gone', word: '' };
  const word = new RegExp(target.template.phase, 'm').exec(printed)?.[1];
  return phaseOf(handle, word ?? null, printed);
}

/** What a command that asks about jobs prints; nothing if the target does not know them. */
export async function askTarget({ template }: Target, command: readonly string[]): Promise<string> {
  return runProgram(command).catch((error: unknown) => {
    if (template.gone !== '' && errorMessage(error).includes(template.gone)) return '';
    throw error;
  });
}

/**
 * The phase that a target's word means.
 *
 * @param printed what the target said
 * @throws MarginError `target-command` if the template does not have the word
 */
export function phaseOf({ target, job }: TargetHandle, word: string | null, printed = String(word)): JobStatus {
  const phase = word === null ? undefined : target.template.phases[word];
  if (word !== null && phase !== undefined) return { phase, word };
  const said = printed.trim().slice(0, 300);
  const message = `The target ${target.name} said of job ${job}: ${said}. Its template knows no such phase.`;
  throw new MarginError('target-command', message, { printed: said });
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
  // The signal asks the job to stop. A follower that brings an older control.json at that moment would take it back.
  await writeControl(folder, { want: 'stop' });
  await runProgram(filledCommand(handle.target.template.cancel, valuesOf(folder, handle.target, handle.job)));
  return true;
}
