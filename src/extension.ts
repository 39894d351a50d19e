import * as vscode from 'vscode';
import { registerCommands } from './host/commands';
import { PairEditorProvider } from './host/pairEditor/provider';
import { workspaceRunFolders } from './host/runFolders';
import { CurvesViews } from './host/runPanel/curvesView';
import { RunStatusBar } from './host/statusBar';
import { TrainingStarter } from './host/train/startTraining';
import { DatasetsView } from './host/views/datasets';
import { RunsModel, RunsView } from './host/views/runs';
import { announceEnds } from './host/announceEnds';

/** Builds the objects and hands them to each other. */
export function activate({ extensionUri, subscriptions }: vscode.ExtensionContext): void {
  const problems = vscode.languages.createDiagnosticCollection('margin');
  const runs = new RunsModel();
  const datasets = new DatasetsView();
  const statusBar = new RunStatusBar();
  const editor = new PairEditorProvider(extensionUri, problems);
  const curves = new CurvesViews({
    extension: extensionUri,
    runFolders: workspaceRunFolders,
    openPair: (file, row, key) => editor.reveal(vscode.Uri.file(file), row, key),
  });
  subscriptions.push(
    problems,
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
    vscode.window.registerCustomEditorProvider(PairEditorProvider.viewType, editor, { supportsMultipleEditorsPerDocument: true }),
    ...registerCommands({ extension: extensionUri, editor, curves, runs, datasets, starter: new TrainingStarter(extensionUri) }),
  );
}
