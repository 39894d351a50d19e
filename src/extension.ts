import * as vscode from 'vscode';
import { version } from '../package.json';
import { Notices } from './host/notices';
import type { Core } from './host/parts/core';
import { OnDemand } from './host/parts/onDemand';
import type { Parts } from './host/parts/parts';
import { pairsType, registerParts } from './host/parts/registerParts';
import { ReadOnlyTexts } from './host/readOnlyTexts';
import { RowFiles, rowScheme } from './host/rowText/rowFiles';
import { announceEnds } from './host/runs/announceEnds';
import { keepQueues } from './host/runs/queueKeeper';
import { RunsModel } from './host/runs/runsModel';
import { RunsView } from './host/runs/runsView';
import { RunStatusBar } from './host/runs/statusBar';
import { Sample } from './host/sample';
import { trainerProgram } from './host/train/trainerProgram';
import { registerTrainForm } from './host/trainForm/register';
import { Walkthrough } from './host/walkthrough';
import { areVirtual } from './web/areVirtual';

/** Starts the extension; on folders that are on no disk the part that needs none, as in the browser. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  if (areVirtual(vscode.workspace.workspaceFolders ?? [])) return (await import('./web/main')).activate(context);
  start(context);
}

/** Follows the runs, and registers the rest of the extension, which is loaded when it is first asked for. */
function start(context: vscode.ExtensionContext): void {
  const { extensionUri, globalState, subscriptions, workspaceState } = context;
  const output = vscode.window.createOutputChannel('Margin', { log: true });
  const notices = new Notices(output);
  const runs = new RunsModel(workspaceState, output);
  const walkthrough = new Walkthrough(globalState, notices);
  const texts = new ReadOnlyTexts();
  const rowFiles = new RowFiles();
  const sample = new Sample(extensionUri, globalState);
  const core: Core = { context, output, notices, runs, walkthrough, texts, rowFiles, sample };
  const parts = new OnDemand(async (): Promise<Parts> => {
    const made = (await import('./host/parts/parts')).makeParts(core);
    subscriptions.push(...made.subscriptions);
    return made;
  });
  subscriptions.push(
    output,
    runs,
    texts,
    rowFiles,
    vscode.workspace.registerFileSystemProvider(rowScheme, rowFiles, { isCaseSensitive: true }),
    ...registerRuns(core, parts),
    followTabs(walkthrough),
    registerTrainForm({
      extension: extensionUri,
      notices,
      runs,
      openRow: async (file, row) => (await parts.get()).editor.reveal(vscode.Uri.file(file), row),
    }),
    ...registerParts(parts, notices),
  );
  // Until then the view says nothing, because "no runs" might not be true.
  runs
    .ready()
    .then(() => vscode.commands.executeCommand('setContext', 'margin.runsListed', true))
    .catch(notices.error);
  greet(sample, walkthrough).catch(notices.error);
  output.info(`Margin ${version} is active, VS Code ${vscode.version}, ${process.platform} ${process.arch}`);
}

/** The Runs view, and what tells a person of runs. */
function registerRuns(
  { context, notices, output, runs, walkthrough }: Core,
  parts: OnDemand<Parts>,
): vscode.Disposable[] {
  const statusBar = new RunStatusBar();
  const tree = vscode.window.createTreeView('margin.runs', {
    treeDataProvider: new RunsView(runs),
    canSelectMany: true,
  });
  return [
    statusBar,
    tree,
    tree.onDidChangeVisibility(({ visible }) => runs.setVisible(visible)),
    runs.onDidChange((list) => statusBar.show(list)),
    runs.onDidChange((list) => list.length > 0 && walkthrough.did('runStarted')),
    announceEnds(runs, notices, {
      // Parts that are not loaded show no rewards.
      ended: () => parts.known?.rewardsChanged(),
      showPairs: async (folder) => (await parts.get()).curves.show(folder, { tab: 'pairs', key: null }),
      showLog: (folder) => vscode.commands.executeCommand('margin.showLog', folder),
      resume: (folder) => vscode.commands.executeCommand('margin.resumeRun', folder),
    }),
    keepQueues(runs, trainerProgram(context.extensionUri), output),
  ];
}

function followTabs(walkthrough: Walkthrough): vscode.Disposable {
  return vscode.window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
    if (opened.some(isPairs)) walkthrough.did('pairsOpened');
    walkthrough.sawTabs([...opened, ...changed]);
  });
}

function isPairs({ input }: vscode.Tab): boolean {
  return input instanceof vscode.TabInputCustom && input.viewType === pairsType;
}

/** Opens the sample if this window was made for it; else, once after the installation, the walkthrough. */
async function greet(sample: Sample, walkthrough: Walkthrough): Promise<void> {
  const pairs = await sample.takeWaiting();
  if (pairs) await (await import('./host/commands/files')).openPairs(pairs);
  else await walkthrough.openOnInstall();
}
