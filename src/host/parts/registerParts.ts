import * as vscode from 'vscode';
import { must } from '../../base/pure/must';
import { registerAgentTools } from '../agentTools/registerAgentTools';
import { registerCommands } from '../commands';
import { LineHover, type RewardsOfLines, LineStatus } from '../lineRewards/lineHover';
import { lineFiles, showsRewards } from '../lineRewards/lineFiles';
import type { Notices } from '../notices';
import { compareScheme, EditedText } from '../pairEditor/editedText';
import type { PairDocument } from '../pairEditor/pairDocument';
import type { PairEditorProvider } from '../pairEditor/provider';
import type { historyScheme } from '../review/pairHistory';
import type { CurvesViews } from '../runPanel/curvesView';
import type { OnDemand } from './onDemand';
import type { Parts, TabType } from './parts';

// The compiler compares these names with those of the classes, which are not loaded yet.
export const pairsType: typeof PairEditorProvider.viewType = 'margin.pairs';
const curvesId: typeof CurvesViews.viewId = 'margin.curves';
const historyTexts: typeof historyScheme = 'margin-history';
const tabTypes: readonly TabType[] = [
  'margin.agreement',
  'margin.chat',
  'margin.modelComparison',
  'margin.round',
  'margin.run',
  'margin.runComparison',
];

/** Registers with VS Code at once what {@link Parts} do, which are loaded when it asks for some of it. */
export function registerParts(parts: OnDemand<Parts>, notices: Notices): vscode.Disposable[] {
  const rewards = lineRewards(parts);
  return [
    vscode.window.registerCustomEditorProvider(pairsType, pairEditor(parts), {
      supportsMultipleEditorsPerDocument: true,
    }),
    vscode.workspace.registerTextDocumentContentProvider(
      compareScheme,
      new EditedText((path) => parts.known?.editor.documentAt(path)),
    ),
    vscode.workspace.registerTextDocumentContentProvider(historyTexts, {
      provideTextDocumentContent: ({ query }) => query,
    }),
    vscode.window.registerTreeDataProvider('margin.datasets', datasets(parts, notices)),
    vscode.window.registerWebviewViewProvider(curvesId, {
      resolveWebviewView: async (view) => (await parts.get()).curves.resolveWebviewView(view),
    }),
    ...tabTypes.map((type) =>
      vscode.window.registerWebviewPanelSerializer(type, {
        deserializeWebviewPanel: async (panel, state) =>
          (await parts.get()).tabs[type].deserializeWebviewPanel(panel, state),
      }),
    ),
    new LineStatus(rewards, notices.error),
    vscode.languages.registerHoverProvider(lineFiles, new LineHover(rewards)),
    ...registerAgentTools(async (name) => (await parts.get()).tools[name]),
    ...registerCommands(async () => (await parts.get()).commands, notices),
  ];
}

function pairEditor(parts: OnDemand<Parts>): vscode.CustomEditorProvider<PairDocument> {
  const editorOf = (document: PairDocument): PairEditorProvider =>
    must(parts.known, `the editor of ${document.uri.fsPath}`).editor;
  return {
    onDidChangeCustomDocument: eventOf(parts, ({ editor }) => editor.onDidChangeCustomDocument),
    openCustomDocument: async (uri, context) => (await parts.get()).editor.openCustomDocument(uri, context),
    resolveCustomEditor: (document, panel) => editorOf(document).resolveCustomEditor(document, panel),
    saveCustomDocument: (document, cancellation) => editorOf(document).saveCustomDocument(document, cancellation),
    saveCustomDocumentAs: (document, target, cancellation) =>
      editorOf(document).saveCustomDocumentAs(document, target, cancellation),
    revertCustomDocument: (document) => editorOf(document).revertCustomDocument(document),
    backupCustomDocument: (document, context, cancellation) =>
      editorOf(document).backupCustomDocument(document, context, cancellation),
  };
}

type DatasetsRow = Parameters<Parts['datasets']['getTreeItem']>[0];

/** The list of datasets. Before its first rows it does not say that there are none. */
function datasets(parts: OnDemand<Parts>, notices: Notices): vscode.TreeDataProvider<DatasetsRow> {
  const listed = (): Thenable<unknown> => vscode.commands.executeCommand('setContext', 'margin.datasetsListed', true);
  return {
    onDidChangeTreeData: eventOf(parts, ({ datasets: view }) => view.onDidChangeTreeData),
    getChildren: async (row) => {
      const rows = await (await parts.get()).datasets.getChildren(row);
      listed().then(undefined, notices.error);
      return rows;
    },
    getTreeItem: async (row) => (await parts.get()).datasets.getTreeItem(row),
  };
}

function lineRewards(parts: OnDemand<Parts>): RewardsOfLines {
  return {
    of: async (document, line) => (showsRewards(document) ? (await parts.get()).lineRewards.of(document, line) : null),
    onDidChange: eventOf(parts, ({ lineRewards: rewards }) => rewards.onDidChange),
  };
}

/** An event of the parts. It does not fire before they are loaded: nobody has seen what it would change. */
function eventOf<T>(parts: OnDemand<Parts>, of: (parts: Parts) => vscode.Event<T>): vscode.Event<T> {
  const emitter = new vscode.EventEmitter<T>();
  parts.whenMade((made) => of(made)((event) => emitter.fire(event)));
  return emitter.event;
}
