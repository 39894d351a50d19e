import * as vscode from 'vscode';
import { isLiving } from '../run/alive';
import type { FoundRun } from '../run/find';
import type { RunsModel } from './views/runs';
import { showError } from './showError';

/** One notification when a run that was seen alive ends, with the way to its pairs. */
export function announceEnds(model: RunsModel, show: (folder: string) => Promise<void>): vscode.Disposable {
  const alive = new Set<string>();
  return model.onDidChange((runs) => {
    for (const run of runs) {
      if (isLiving(run.status)) alive.add(run.folder);
      else if (alive.delete(run.folder)) void announce(run, show).catch(showError);
    }
  });
}

async function announce({ folder, name, status, state }: FoundRun, show: (folder: string) => Promise<void>): Promise<void> {
  const { t } = vscode.l10n;
  const open = t('Show run');
  const answer =
    status === 'failed' || status === 'lost'
      ? await vscode.window.showErrorMessage(t('{0} failed: {1}', name, state?.error?.message ?? t('its process is gone')), open)
      : await vscode.window.showInformationMessage(t('{0} is {1} after {2} steps.', name, status, state?.step ?? 0), open);
  if (answer === open) await show(folder);
}
