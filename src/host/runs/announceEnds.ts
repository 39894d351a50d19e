import * as vscode from 'vscode';
import { isLiving } from '../../run/alive';
import type { FoundRun } from '../../run/find';
import type { Notices } from '../notices';
import type { RunsModel } from './runsModel';

export interface EndActions {
  /** Called when a run ended: its rewards may be complete now. */
  readonly ended: () => void;
  readonly showPairs: (folder: string) => Promise<void>;
  readonly showLog: (folder: string) => Thenable<unknown>;
  readonly resume: (folder: string) => Thenable<unknown>;
}

/**
 * Shows one notification when a living run ends, with a button that leads to its pairs. Shows none in Restricted Mode:
 * nothing runs there, so a run that seems to end is a file that somebody made to look so.
 */
export function announceEnds(model: RunsModel, notices: Notices, actions: EndActions): vscode.Disposable {
  const alive = new Set<string>();
  return model.onDidChange((runs) => {
    if (!vscode.workspace.isTrusted) return;
    for (const run of runs) {
      if (isLiving(run.status)) alive.add(run.folder);
      else if (alive.delete(run.folder)) {
        notices.log.info(`Run ended, ${run.status} at step ${run.state?.step ?? 'unknown'}: ${run.folder}`);
        actions.ended();
        announce(run, notices, actions).catch(notices.error);
      }
    }
  });
}

async function announce(run: FoundRun, notices: Notices, actions: EndActions): Promise<void> {
  const { folder, name, status, state } = run;
  const { showPairs, showLog } = actions;
  if (status === 'failed' || status === 'lost') {
    const [log, resume] = ['Show Log of Run', 'Resume'];
    const answer = await (status === 'lost'
      ? notices.warn(`Run ${name} ended: ${reasonOf(run)}`, resume, log)
      : notices.warn(`Run ${name} failed: ${reasonOf(run)}`, log));
    if (answer === log) await showLog(folder);
    if (answer === resume) await actions.resume(folder);
    return;
  }
  const pairs = 'Show Pairs';
  // A run without a state has taken no step.
  const steps = state === null ? 0 : state.step;
  const text =
    status === 'done'
      ? `Run ${name} is done after ${steps} steps.`
      : `Run ${name} was stopped and saved at step ${steps}.`;
  if ((await notices.info(text, pairs)) === pairs) await showPairs(folder);
}

function reasonOf({ lost, state }: FoundRun): string {
  if (lost !== undefined) return lost;
  return state?.error?.message ?? 'see its log';
}
