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

async function announce(run: FoundRun, notices: Notices, { showPairs, showLog }: EndActions): Promise<void> {
  const { folder, name, status, state } = run;
  if (status === 'failed' || status === 'lost') {
    const log = 'Show Log of Run';
    if ((await notices.warn(`Run ${name} failed: ${reasonOf(run)}`, log)) === log) await showLog(folder);
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

function reasonOf({ status, state }: FoundRun): string {
  if (status === 'lost') return 'its process is gone. Resume continues from its last checkpoint, or from the start';
  return state?.error?.message ?? 'see its log';
}
