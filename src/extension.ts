import * as vscode from 'vscode';
import { version } from '../package.json';
import { announceEnds } from './host/announceEnds';
import { registerCommands } from './host/commands';
import { DatasetsModel } from './host/datasets/datasetsModel';
import { DatasetsView } from './host/datasets/datasetsView';
import { Notices } from './host/notices';
import { registerPairEditor } from './host/pairEditor/register';
import { CurvesViews } from './host/runPanel/curvesView';
import { RunsModel } from './host/runsModel';
import { RunStatusBar } from './host/statusBar';
import { ConfigProblems } from './host/train/configProblems';
import { TrainingStarter } from './host/train/startTraining';
import { RunsView } from './host/views/runs';

/** Builds the objects and hands them to each other. */
export function activate({ extensionUri, subscriptions, workspaceState }: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Margin', { log: true });
  const notices = new Notices(output);
  const runs = new RunsModel(workspaceState);
  const datasets = new DatasetsModel(workspaceState, output);
  const datasetsView = new DatasetsView(datasets);
  const statusBar = new RunStatusBar();
  const configs = new ConfigProblems();
  const { editor, subscriptions: editorParts } = registerPairEditor({ extension: extensionUri, runFolders: () => runs.outputDirs(), notices });
  const openPair = (file: string, row: number, key: string): Promise<void> => editor.reveal(vscode.Uri.file(file), row, key);
  const curves = new CurvesViews({ extension: extensionUri, runs, notices, openPair });
  const starter = new TrainingStarter(extensionUri, runs, configs, notices);
  subscriptions.push(
    output,
    ...editorParts,
    runs,
    datasets,
    datasetsView,
    statusBar,
    configs,
    runs.onDidChange((list) => statusBar.show(list)),
    announceEnds(runs, notices, {
      ended: () => editor.rewardsChanged(),
      showPairs: (folder) => curves.show(folder, { tab: 'pairs', key: null }),
      showLog: (folder) => vscode.commands.executeCommand('margin.showLog', folder),
    }),
    vscode.window.registerTreeDataProvider('margin.datasets', datasetsView),
    vscode.window.registerTreeDataProvider('margin.runs', new RunsView(runs)),
    vscode.window.registerWebviewViewProvider(CurvesViews.viewId, curves),
    vscode.window.registerWebviewPanelSerializer(CurvesViews.tabType, curves),
    ...registerCommands({ extension: extensionUri, editor, curves, runs, datasets, starter, notices }),
  );
  runs.ready().catch(notices.error);
  output.info(`Margin ${version} is active, VS Code ${vscode.version}, ${process.platform} ${process.arch}`);
}
