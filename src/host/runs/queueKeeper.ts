import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { ensureQueue } from '../../run/queue/ensureQueue';
import { waitsHere } from '../../run/queue/place';
import type { ProgramOptions } from '../../run/start';
import { logError, type Log } from '../notices';
import type { ListedRun, RunsModel } from './runsModel';

/** A process that works on a queue is looked for this often while runs wait. */
const lookMs = 10_000;

/**
 * Starts the process that works on a queue again if it is gone, for example after a restart of the machine. Not in
 * Restricted Mode: there nothing runs.
 */
export function keepQueues(runs: RunsModel, program: ProgramOptions, log: Log): vscode.Disposable {
  const looked = new Map<string, number>();
  return runs.onDidChange((listed) => {
    if (!vscode.workspace.isTrusted) return;
    for (const dir of waitingDirs(listed)) {
      const now = Date.now();
      const last = looked.get(dir);
      if (last !== undefined && now - last < lookMs) continue;
      looked.set(dir, now);
      ensureQueue(dir, program).then(
        (done) => done === 'started' && log.info(`Working on the queue of ${dir}`),
        (error: unknown) => logError(log, error),
      );
    }
  });
}

/** The runs folders in which runs wait for this machine. */
function waitingDirs(runs: readonly ListedRun[]): ReadonlySet<string> {
  const waiting = runs.filter(({ status, state }) => status === 'queued' && state !== null && waitsHere(state));
  return new Set(waiting.map(({ folder }) => dirname(folder)));
}
