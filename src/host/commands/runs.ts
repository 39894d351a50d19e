import * as vscode from 'vscode';
import { isLiving } from '../../run/alive';
import { askRun } from '../../run/control';
import { runPaths } from '../../run/folder';
import type { RunControl } from '../../run/types';
import { askExport } from '../export/askExport';
import { runExport, showExport } from '../export/runExport';
import type { ListedRun } from '../runsModel';
import { requireTrust } from '../train/startTraining';
import { type CommandServices, type Commands, folderOf, runOf } from './target';

const living = ({ status }: ListedRun): boolean => isLiving(status);
const ended = (run: ListedRun): boolean => !living(run);
const resumable = ({ status }: ListedRun): boolean => status === 'stopped' || status === 'failed' || status === 'lost';

export function runCommands(services: CommandServices): Commands {
  const { curves, runs, starter } = services;
  const withRun = (fits: (run: ListedRun) => boolean, act: (folder: string) => unknown) => async (target: unknown) => {
    const folder = await runOf(runs, target, fits);
    if (folder !== null) await act(folder);
  };
  const any = (): boolean => true;
  const ask = (want: RunControl['want']) => (folder: string) => askRun(folder, want);
  return {
    'margin.showCurves': (target) => curves.show(folderOf(target)),
    'margin.openRun': withRun(any, (folder) => curves.openTab(folder)),
    'margin.pauseRun': withRun((run) => living(run) && run.status !== 'paused', ask('pause')),
    'margin.continueRun': withRun(({ status }) => status === 'paused', ask('run')),
    'margin.stopRun': withRun(living, ask('stop')),
    'margin.resumeRun': withRun(resumable, async (folder) => {
      await starter.resume(folder);
      await curves.show(folder);
    }),
    'margin.export': (target) => exportRun(services, folderOf(target)),
    'margin.showLog': withRun(any, (folder) => open(runPaths.log(folder))),
    'margin.showConfig': withRun(any, (folder) => open(runPaths.config(folder))),
    'margin.deleteRun': withRun(ended, (folder) => deleteRun(services, folder)),
  };
}

/** @param run null: any */
async function exportRun({ extension, runs }: CommandServices, run: string | null): Promise<void> {
  requireTrust();
  const asked = await askExport(runs, run);
  if (!asked) return;
  await runExport(extension, asked);
  await showExport(asked.out);
}

async function open(path: string): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: true });
}

async function deleteRun({ runs }: CommandServices, folder: string): Promise<void> {
  const { t } = vscode.l10n;
  const remove = t('Delete');
  const detail = t('{0}\nIts curves, checkpoints and rewards go to the trash.', folder);
  if ((await vscode.window.showWarningMessage(t('Delete this run?'), { modal: true, detail }, remove)) !== remove) return;
  await trash(vscode.Uri.file(folder));
  await runs.refresh();
}

/** Not every system has a trash; where there is none the person is asked again. */
async function trash(folder: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.delete(folder, { recursive: true, useTrash: true });
  } catch {
    const remove = vscode.l10n.t('Delete for Good');
    const question = vscode.l10n.t('The run cannot be moved to the trash. Delete it for good?');
    if ((await vscode.window.showWarningMessage(question, { modal: true }, remove)) === remove) await vscode.workspace.fs.delete(folder, { recursive: true });
  }
}
