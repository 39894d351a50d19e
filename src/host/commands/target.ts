import * as vscode from 'vscode';
import type { DatasetsModel } from '../datasets/datasetsModel';
import type { Notices } from '../notices';
import type { PairEditorProvider } from '../pairEditor/provider';
import { pickOne } from '../quickSteps';
import type { CurvesViews } from '../runPanel/curvesView';
import type { ListedRun, RunsModel } from '../runsModel';
import type { Sample } from '../sample';
import type { TrainingStarter } from '../train/startTraining';
import { statusLabel } from '../views/runs';
import type { Walkthrough } from '../walkthrough';

export interface CommandServices {
  readonly extension: vscode.Uri;
  readonly editor: PairEditorProvider;
  readonly curves: CurvesViews;
  readonly runs: RunsModel;
  readonly datasets: DatasetsModel;
  readonly starter: TrainingStarter;
  readonly notices: Notices;
  readonly sample: Sample;
  readonly walkthrough: Walkthrough;
}

/**
 * By name; called with whatever the palette (nothing), a menu (a file, a row of a view) or another part (a run's
 * folder) gives.
 */
export type Commands = Readonly<Record<string, (target: unknown) => unknown>>;

/** The file a command is about: what it was called with, else the active tab's. */
export function fileOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  if (typeof target === 'object' && target !== null && 'uri' in target && target.uri instanceof vscode.Uri)
    return target.uri;
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
}

/** The run a command was called with: its folder, or a row of the Runs view. */
export function folderOf(target: unknown): string | null {
  if (typeof target === 'string') return target;
  return typeof target === 'object' && target !== null && 'folder' in target && typeof target.folder === 'string'
    ? target.folder
    : null;
}

/**
 * The run a command is about; asks where it was not told and more than one comes into question. Null if the person went
 * away.
 */
export async function runOf(
  { runs, notices }: Pick<CommandServices, 'runs' | 'notices'>,
  target: unknown,
  fits: (run: ListedRun) => boolean,
): Promise<string | null> {
  const given = folderOf(target);
  if (given !== null) return given;
  const { t } = vscode.l10n;
  const fitting = (await runs.ready()).filter(fits);
  if (fitting.length === 0) {
    await notices.info(t('There is no run that this could be done with.'));
    return null;
  }
  if (fitting.length === 1) return fitting[0]?.folder ?? null;
  const items = fitting.map(({ folder, name, status, created }) => {
    const description = `${statusLabel(status)} · ${new Date(created).toLocaleString(vscode.env.language)}`;
    return { label: name, description, detail: folder, folder };
  });
  const picked = await pickOne(items, { title: t('Margin: Run') });
  return picked?.folder ?? null;
}
