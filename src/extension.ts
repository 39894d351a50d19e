import * as vscode from 'vscode';
import { registerCommands } from './host/commands';
import { registerPairEditor } from './host/pairEditor/register';
import { workspaceRunFolders } from './host/runFolders';
import { CurvesViews } from './host/runPanel/curvesView';
import { RunStatusBar } from './host/statusBar';
import { TrainingStarter } from './host/train/startTraining';
import { DatasetsView } from './host/views/datasets';
import { RunsModel, RunsView } from './host/views/runs';
import { announceEnds } from './host/announceEnds';

/** Builds the objects and hands them to each other. */
export function activate({ extensionUri, subscriptions }: vscode.ExtensionContext): void {
  const runs = new RunsModel();
  const datasets = new DatasetsView();
  const statusBar = new RunStatusBar();
  const { editor, subscriptions: editorParts } = registerPairEditor({ extension: extensionUri, runFolders: workspaceRunFolders });
  const curves = new CurvesViews({
    extension: extensionUri,
    runFolders: workspaceRunFolders,
    openPair: (file, row, key) => editor.reveal(vscode.Uri.file(file), row, key),
  });
  subscriptions.push(
    ...editorParts,
    runs,
    datasets,
    statusBar,
    runs.onDidChange((list) => statusBar.show(list)),
    announceEnds(runs, (folder) => {
      editor.rewardsChanged();
      return curves.show(folder);
    }),
    vscode.window.registerTreeDataProvider('margin.datasets', datasets),
    vscode.window.registerTreeDataProvider('margin.runs', new RunsView(runs)),
    vscode.window.registerWebviewViewProvider(CurvesViews.viewId, curves),
    vscode.window.registerWebviewPanelSerializer(CurvesViews.tabType, curves),
    ...registerCommands({ extension: extensionUri, editor, curves, runs, datasets, starter: new TrainingStarter(extensionUri) }),
  );
}
