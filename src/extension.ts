import * as vscode from 'vscode';
import { announceEnds } from './host/announceEnds';
import { registerCommands } from './host/commands';
import { registerPairEditor } from './host/pairEditor/register';
import { CurvesViews } from './host/runPanel/curvesView';
import { RunsModel } from './host/runsModel';
import { showError } from './host/showError';
import { RunStatusBar } from './host/statusBar';
import { ConfigProblems } from './host/train/configProblems';
import { TrainingStarter } from './host/train/startTraining';
import { DatasetsView } from './host/views/datasets';
import { RunsView } from './host/views/runs';

/** Builds the objects and hands them to each other. */
export function activate({ extensionUri, subscriptions, workspaceState }: vscode.ExtensionContext): void {
  const runs = new RunsModel(workspaceState);
  const datasets = new DatasetsView();
  const statusBar = new RunStatusBar();
  const configs = new ConfigProblems();
  const { editor, subscriptions: editorParts } = registerPairEditor({ extension: extensionUri, runFolders: () => runs.outputDirs() });
  const curves = new CurvesViews({ extension: extensionUri, runs, openPair: (file, row, key) => editor.reveal(vscode.Uri.file(file), row, key) });
  const starter = new TrainingStarter(extensionUri, runs, configs);
  subscriptions.push(
    ...editorParts,
    runs,
    datasets,
    statusBar,
    configs,
    runs.onDidChange((list) => statusBar.show(list)),
    announceEnds(runs, {
      ended: () => editor.rewardsChanged(),
      showPairs: (folder) => curves.show(folder, { tab: 'pairs', key: null }),
      showLog: (folder) => vscode.commands.executeCommand('margin.showLog', folder),
    }),
    vscode.window.registerTreeDataProvider('margin.datasets', datasets),
    vscode.window.registerTreeDataProvider('margin.runs', new RunsView(runs)),
    vscode.window.registerWebviewViewProvider(CurvesViews.viewId, curves),
    vscode.window.registerWebviewPanelSerializer(CurvesViews.tabType, curves),
    ...registerCommands({ extension: extensionUri, editor, curves, runs, datasets, starter }),
  );
  runs.ready().catch(showError);
}
