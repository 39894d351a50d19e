import * as vscode from 'vscode';
import { openRegular } from '../../base/node/smallFile';
import { isLiving } from '../../run/alive';
import { askRun } from '../../run/control';
import { endScoring } from '../../run/endScoring';
import { readRun } from '../../run/find';
import { runPaths } from '../../run/folder';
import { RunLock } from '../../run/lock';
import { moveToTrash } from '../../run/trash';
import type { RunControl } from '../../run/runControl';
import { askExport } from '../export/askExport';
import { runExport, showExport } from '../export/runExport';
import { offerToEmptyTrash } from '../runs/emptyTrash';
import { restoreFromTrash } from '../runs/restoreRun';
import type { ListedRun } from '../runs/runsModel';
import { cloneRun } from '../train/cloneRun';
import { requireTrust } from '../train/requireTrust';
import { type CommandServices, type Commands, folderOf, type RunKind, runOf } from './target';

const living = ({ status }: ListedRun): boolean => isLiving(status);
const any: RunKind = { fits: () => true, none: 'There is no run yet. Margin: Train… starts one.' };
const training: RunKind = { fits: living, none: 'No run is training.' };
const pausable: RunKind = { fits: (run) => living(run) && run.status !== 'paused', none: training.none };
const ended: RunKind = { fits: (run) => !living(run), none: 'No run has ended yet. Only ended runs can be deleted.' };
const resumable: RunKind = {
  fits: ({ status }) => status === 'paused' || status === 'stopped' || status === 'failed' || status === 'lost',
  none: 'No run can be resumed: none is paused, stopped, failed or lost.',
};
const unscored: RunKind = {
  fits: ({ scoring }) => scoring?.status === 'offered' || scoring?.status === 'failed',
  none: 'No run has pairs that are still to be scored.',
};
const scoring: RunKind = { fits: (run) => run.scoring?.status === 'running', none: 'No run is being scored.' };

/** Commands that act on a run. */
export function runCommands(services: CommandServices) {
  const { curves } = services;
  const withRun = (kind: RunKind, act: (folder: string) => unknown) => async (target: unknown) => {
    const folder = await runOf(services, target, kind);
    if (folder !== null) await act(folder);
  };
  const ask = (want: RunControl['want']) => (folder: string) => control(services, folder, want);
  return {
    'margin.showCurves': (target) => curves.show(folderOf(target)),
    'margin.openRun': withRun(any, (folder) => curves.openTab(folder)),
    'margin.pauseRun': withRun(pausable, ask('pause')),
    'margin.stopRun': withRun(training, ask('stop')),
    'margin.resumeRun': withRun(resumable, (folder) => resume(services, folder)),
    'margin.scoreRun': withRun(unscored, (folder) => services.starter.score(folder)),
    'margin.cancelScoring': withRun(scoring, (folder) => cancelScoring(services, folder)),
    'margin.export': (target) => exportRun(services, folderOf(target)),
    'margin.showLog': withRun(any, (folder) => open(runPaths.log(folder))),
    'margin.showConfig': withRun(any, (folder) => open(runPaths.config(folder))),
    'margin.cloneRun': withRun(any, (folder) => clone(services, folder)),
    'margin.deleteRun': withRun(ended, (folder) => deleteRun(services, folder)),
    'margin.restoreRun': () => restore(services),
  } satisfies Partial<Commands>;
}

/** Writes the request into the run's folder. Needs trust: in Restricted Mode the folder may come from someone else. */
async function control({ notices }: CommandServices, folder: string, want: RunControl['want']): Promise<void> {
  requireTrust();
  notices.log.info(`Asking run ${folder} to ${want}`);
  await askRun(folder, want);
}

/** The pairs that are scored already keep their rewards. */
async function cancelScoring({ notices, runs }: CommandServices, folder: string): Promise<void> {
  requireTrust();
  notices.log.info(`Cancelling the scoring of run ${folder}`);
  await endScoring(folder);
  await runs.refresh();
}

/** Lets a paused run continue, or restarts an ended one from its last checkpoint. */
async function resume(services: CommandServices, folder: string): Promise<void> {
  // The list follows the folder with a delay: it may show a run as paused that was stopped. So the folder decides.
  const { status } = await readRun(folder);
  if (status === 'paused') await control(services, folder, 'run');
  else await services.starter.resume(folder);
  await services.curves.show(folder);
}

/** Writes a new config with the settings of a run, and opens it for changes. *Train…* on it starts the new run. */
async function clone({ notices }: CommandServices, folder: string): Promise<void> {
  const file = await cloneRun(folder);
  notices.log.info(`Run ${folder} cloned to ${file.fsPath}`);
  await vscode.commands.executeCommand('vscode.open', file);
}

/** @param run folder of the run whose checkpoints are offered; null: those of all runs */
async function exportRun({ extension, runs, notices }: CommandServices, run: string | null): Promise<void> {
  requireTrust();
  const asked = await askExport(runs, run);
  if (!asked) return;
  await runExport(extension, notices, asked);
  await showExport(notices, asked.out);
}

/** A run folder may come from somebody else, and reading a pipe or a device in it would never end. */
async function open(path: string): Promise<void> {
  await (await openRegular(path)).close();
  await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: true });
}

async function restore({ runs, notices, curves }: CommandServices): Promise<void> {
  requireTrust();
  const folder = await restoreFromTrash(runs, notices);
  if (folder !== null) await curves.show(folder);
}

async function deleteRun({ runs, notices }: CommandServices, folder: string): Promise<void> {
  const remove = 'Delete';
  const detail = `${folder}\nIts curves, checkpoints and rewards move to the trash.`;
  if ((await notices.ask('warning', 'Delete this run?', detail, remove)) !== remove) return;
  const kept = await trash(folder);
  notices.log.info(`Run deleted: ${folder}`);
  await runs.refresh();
  if (kept === null) return;
  await notices.info(`The system has no trash here, so the run is kept in ${kept}. Restore Run… brings it back.`);
  await offerToEmptyTrash(notices, kept);
}

/**
 * Moves a run to the system's trash, or to Margin's own where the system has none.
 *
 * @returns where Margin keeps it; null if the system does
 */
async function trash(folder: string): Promise<string | null> {
  // Without the lock, a trainer or scorer started by another window would keep writing into a deleted folder.
  const lock = await RunLock.acquire(folder, 'deleting');
  try {
    await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true, useTrash: true });
    return null;
  } catch {
    // Its own trash takes the lock itself.
  } finally {
    lock.release();
  }
  return moveToTrash(folder);
}
