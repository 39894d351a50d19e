import * as vscode from 'vscode';
import { isLiving } from '../run/alive';
import type { FoundRun } from '../run/find';
import type { RunsModel } from './runsModel';
import { showError } from './showError';

export interface EndActions {
  /** A run of the list ended; its rewards are there. */
  readonly ended: () => void;
  readonly showPairs: (folder: string) => Promise<void>;
  readonly showLog: (folder: string) => Thenable<unknown>;
}

/** One notification when a run that was seen alive ends, with the way to its pairs. */
export function announceEnds(model: RunsModel, actions: EndActions): vscode.Disposable {
  const alive = new Set<string>();
  return model.onDidChange((runs) => {
    for (const run of runs) {
      if (isLiving(run.status)) alive.add(run.folder);
      else if (alive.delete(run.folder)) {
        actions.ended();
        announce(run, actions).catch(showError);
      }
    }
  });
}

async function announce({ folder, name, status, state }: FoundRun, { showPairs, showLog }: EndActions): Promise<void> {
  const { t } = vscode.l10n;
  if (status === 'failed' || status === 'lost') {
    const log = t('Show Log');
    const reason = status === 'lost' ? t('its process is gone; Resume goes on from its last checkpoint, or from the start') : (state?.error?.message ?? t('its log says why'));
    if ((await vscode.window.showErrorMessage(t('Run {0} failed: {1}', name, reason), log)) === log) await showLog(folder);
    return;
  }
  const pairs = t('Show Pairs');
  const steps = state?.step ?? 0;
  const text = status === 'done' ? t('Run {0} is done after {1} steps.', name, steps) : t('Run {0} was stopped and saved at step {1}.', name, steps);
  if ((await vscode.window.showInformationMessage(text, pairs)) === pairs) await showPairs(folder);
}
