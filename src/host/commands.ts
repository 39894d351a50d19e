import { join } from 'node:path';
import * as vscode from 'vscode';
import { askRun } from '../run/control';
import type { FoundRun } from '../run/find';
import { runPaths } from '../run/folder';
import type { RunControl } from '../run/types';
import { PairEditorProvider } from './pairEditor/provider';
import type { CurvesViews } from './runPanel/curvesView';
import { scoreWithModel } from './score';
import { showError } from './showError';
import { askTraining } from './train/askTraining';
import type { TrainingStarter } from './train/startTraining';
import type { DatasetsView } from './views/datasets';
import type { RunsModel } from './views/runs';

export interface CommandServices {
  readonly extension: vscode.Uri;
  readonly editor: PairEditorProvider;
  readonly curves: CurvesViews;
  readonly runs: RunsModel;
  readonly datasets: DatasetsView;
  readonly starter: TrainingStarter;
}

/** What a command may be called with: from the palette nothing, from menus a file, from the Runs view a run or its folder. */
type Target = vscode.Uri | FoundRun | { readonly uri: vscode.Uri } | string | undefined;

function folderOf(target: Target): string | null {
  if (typeof target === 'string') return target;
  return target !== undefined && 'folder' in target ? target.folder : null;
}

function fileOf(target: Target): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  if (typeof target === 'object' && 'uri' in target) return target.uri;
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
}

/** Every command of package.json, each with its errors shown to the person. */
export function registerCommands(services: CommandServices): vscode.Disposable[] {
  const commands = { ...fileCommands(services), ...runCommands(services), ...pairCommands(services) };
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(name, async (target: Target) => {
      try {
        await run(target);
      } catch (error) {
        showError(error);
      }
    }),
  );
}

type Commands = Readonly<Record<string, (target: Target) => unknown>>;

function fileCommands({ extension, editor, curves, datasets, starter, runs }: CommandServices): Commands {
  return {
    'margin.openAsPairs': async (target) => {
      const file = fileOf(target) ?? (await vscode.window.showOpenDialog({ filters: { JSONL: ['jsonl'] } }))?.[0];
      if (file) await vscode.commands.executeCommand('vscode.openWith', file, PairEditorProvider.viewType);
    },
    'margin.openAsText': async (target) => {
      const file = fileOf(target);
      if (file) await vscode.commands.executeCommand('vscode.openWith', file, 'default');
    },
    'margin.train': async (target) => {
      const file = fileOf(target);
      const config = file?.path.endsWith('.train.json') ? file : await askTraining(file?.path.endsWith('.jsonl') ? file : undefined);
      if (!config) return;
      const start = async (): Promise<string> => starter.start(config);
      const folder = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Margin: starting the trainer') }, start);
      await runs.refresh();
      await curves.show(folder);
    },
    'margin.score': async (target) => {
      const file = fileOf(target);
      const out = file ? await scoreWithModel(extension, file) : null;
      if (out) await vscode.window.showTextDocument(out);
    },
    'margin.refresh': async () => {
      datasets.refresh();
      await runs.refresh();
    },
    'margin.goToRow': async () => {
      const text = await vscode.window.showInputBox({ title: vscode.l10n.t('Go to line'), validateInput: (value) => (/^\d+$/.test(value) ? null : vscode.l10n.t('A line number, from 1')) });
      if (text !== undefined) editor.active?.reveal(Number(text) - 1);
    },
    'margin.showInRun': async () => curves.show(null),
  };
}

function runCommands({ curves, runs, starter }: CommandServices): Commands {
  const ask = async (target: Target, want: RunControl['want']): Promise<void> => {
    const folder = await chosenRun(runs, target);
    if (folder !== null) await askRun(folder, want);
  };
  return {
    'margin.showCurves': (target) => curves.show(folderOf(target)),
    'margin.openRun': async (target) => {
      const folder = await chosenRun(runs, target);
      if (folder !== null) curves.openTab(folder);
    },
    'margin.pauseRun': (target) => ask(target, 'pause'),
    'margin.continueRun': (target) => ask(target, 'run'),
    'margin.stopRun': (target) => ask(target, 'stop'),
    'margin.resumeRun': async (target) => {
      const folder = await chosenRun(runs, target);
      if (folder === null) return;
      await starter.resume(folder);
      await curves.show(folder);
    },
    'margin.showLog': async (target) => {
      const folder = await chosenRun(runs, target);
      if (folder !== null) await vscode.window.showTextDocument(vscode.Uri.file(join(runPaths.log(folder))));
    },
    'margin.deleteRun': async (target) => {
      const folder = await chosenRun(runs, target);
      if (folder === null) return;
      const remove = vscode.l10n.t('Move to trash');
      const question = vscode.l10n.t('Delete the run {0} with its checkpoints and rewards?', folder);
      if ((await vscode.window.showWarningMessage(question, { modal: true }, remove)) !== remove) return;
      await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true, useTrash: true });
      await runs.refresh();
    },
  };
}

async function chosenRun(model: RunsModel, target: Target): Promise<string | null> {
  const given = folderOf(target);
  if (given !== null) return given;
  const items = (await model.refresh()).map(({ folder, name, status }) => ({ label: name, description: status, detail: folder }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Run') });
  return picked?.detail ?? null;
}

function pairCommands({ editor }: CommandServices): Commands {
  return {
    'margin.pair.swap': () => editor.active?.act('swap'),
    'margin.pair.delete': () => editor.active?.act('delete'),
    'margin.pair.duplicate': () => editor.active?.act('duplicate'),
    'margin.pair.insert': () => editor.active?.act('insert'),
    'margin.pair.next': () => editor.active?.act('next'),
    'margin.pair.previous': () => editor.active?.act('previous'),
    'margin.pair.edit': () => editor.active?.act('edit'),
    'margin.pair.filter': () => editor.active?.act('focusFilter'),
  };
}
