import { availableParallelism } from 'node:os';
import * as vscode from 'vscode';
import { version } from '../package.json';
import { AgreementPanels } from './host/agreement/agreementPanels';
import { registerAgentTools } from './host/agentTools/registerAgentTools';
import { announceEnds } from './host/runs/announceEnds';
import { ChatTabs } from './host/chat/chatTabs';
import { PairFiles } from './host/chat/pairFile';
import { registerCommands } from './host/commands';
import { DuplicatesTabs } from './host/duplicates/duplicatesTabs';
import { DatasetsModel } from './host/datasets/datasetsModel';
import { DatasetsView } from './host/datasets/datasetsView';
import { ComparisonActions } from './host/modelComparison/comparisonActions';
import { ModelComparisonPanels } from './host/modelComparison/modelComparisonPanels';
import { Notices } from './host/notices';
import { ReadOnlyTexts } from './host/readOnlyTexts';
import { PairEditorProvider } from './host/pairEditor/provider';
import { registerPairEditor } from './host/pairEditor/register';
import { CheckThreads } from './host/pairEditor/node/checkThreads';
import { EventThread } from './host/runPanel/parsing';
import { showReading } from './host/runPanel/rewards/showReading';
import { SharedFollowers } from './host/runPanel/sharedFollowers';
import { CurvesViews } from './host/runPanel/curvesView';
import { Reviewer } from './host/review/reviewer';
import { HubToken } from './host/hub/hubToken';
import { HubWork } from './host/hub/hubWork';
import { LineHover, LineStatus } from './host/lineRewards/lineHover';
import { lineFiles, LineRewards } from './host/lineRewards/lineRewards';
import { Readings } from './host/reading/readings';
import { RowFiles, rowScheme } from './host/rowText/rowFiles';
import { RoundPanels } from './host/rounds/roundPanels';
import { registerRounds } from './host/rounds/registerRounds';
import { RunActions } from './host/runComparison/runActions';
import { OtherRuns } from './host/runComparison/otherRuns';
import { RunComparisonTab } from './host/runComparison/runComparisonTab';
import { RunsModel } from './host/runs/runsModel';
import { Sample } from './host/sample';
import { LinesSaver } from './host/saveAsLines';
import { TokenConfigs } from './host/tokens/tokenConfigs';
import { PairScorer } from './host/tokenRewards/pairScorer';
import { TokenRewardsTab } from './host/tokenRewards/tokenRewardsTab';
import { KnownSuspects } from './host/suspects/knownSuspects';
import { SuspectsTabs } from './host/suspects/suspectsTabs';
import { watchSuspects } from './host/suspects/watchSuspects';
import { TokenProcess } from './host/tokens/tokenProcess';
import { RunStatusBar } from './host/runs/statusBar';
import { ConfigProblems } from './host/train/configProblems';
import { TrainingStarter } from './host/train/startTraining';
import { keepQueues } from './host/runs/queueKeeper';
import { registerTrainForm } from './host/trainForm/register';
import { RunsView } from './host/runs/runsView';
import { startSweep } from './host/sweeps/startSweep';
import { SweepTabs } from './host/sweeps/sweepTabs';
import { TargetTrust } from './host/targets/targetTrust';
import { StatisticsPanels } from './host/statistics/statisticsPanels';
import { KeptColumns } from './host/views/keptColumns';
import { SavedViews } from './host/views/savedViews';
import { type RoundStep, Walkthrough } from './host/walkthrough';
import { DecodedFiles } from './jsonl/node/decode/decodedFiles';
import { ColumnStore } from './jsonl/node/columns/columnStore';
import { IndexStore } from './jsonl/node/indexStore';
import { IndexThreads } from './jsonl/node/scan/indexThreads';
import { ChangesInThreads } from './jsonl/node/bulk/rowChanges';
import { ColumnsInThreads } from './jsonl/node/columns/pageColumns';
import { SearchInThread } from './jsonl/node/search/pageSearch';
import { MeasuresInThreads } from './jsonl/node/statistics/rowMeasures';
import { areVirtual } from './web/areVirtual';

/** Most threads that check rows: other programs need the other cores. */
const mostThreads = 2;

/** Starts the extension; on folders that are on no disk the part that needs none, as in the browser. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  if (areVirtual(vscode.workspace.workspaceFolders ?? [])) return (await import('./web/main')).activate(context);
  start(context);
}

/** Builds the objects of the extension and connects them. */
function start(context: vscode.ExtensionContext): void {
  const { extensionUri, globalState, globalStorageUri, subscriptions, workspaceState } = context;
  const output = vscode.window.createOutputChannel('Margin', { log: true });
  const notices = new Notices(output);
  const runs = new RunsModel(workspaceState, output);
  const runsTree = vscode.window.createTreeView('margin.runs', {
    treeDataProvider: new RunsView(runs),
    canSelectMany: true,
  });
  const readings = new Readings(workspaceState, notices);
  const datasets = new DatasetsModel(workspaceState, readings, output);
  const datasetsView = new DatasetsView(datasets);
  const walkthrough = new Walkthrough(globalState, notices);
  const texts = new ReadOnlyTexts();
  const rowFiles = new RowFiles();
  const sample = new Sample(extensionUri, globalState);
  const statusBar = new RunStatusBar();
  const configs = new ConfigProblems();
  const script = (name: string): string => vscode.Uri.joinPath(extensionUri, 'dist', name).fsPath;
  const decoder = script('decodeThread.js');
  const saver = new LinesSaver(decoder, notices);
  const pageSearch = new SearchInThread(script('searchThread.js'));
  const threads = Math.min(mostThreads, availableParallelism());
  const rowChecker = new CheckThreads(script('checkThread.js'), threads);
  const pageColumns = new ColumnsInThreads(script('columnThread.js'), threads);
  const rowChanges = new ChangesInThreads(script('bulkThread.js'), threads);
  const indexThreads = new IndexThreads(script('indexThread.js'), availableParallelism());
  const indexFolder = vscode.Uri.joinPath(globalStorageUri, 'indexes').fsPath;
  const indexes = new IndexStore(indexFolder, (message) => output.warn(message));
  const columnFolder = vscode.Uri.joinPath(globalStorageUri, 'columns').fsPath;
  const columnStore = new ColumnStore(columnFolder, script('columnThread.js'), (message) => output.warn(message));
  const runFolders = (): Promise<readonly string[]> => runs.outputDirs();
  const suspects = new KnownSuspects();
  const tokenConfigs = new TokenConfigs(extensionUri, workspaceState, runFolders);
  const reviewer = new Reviewer(globalState);
  const tokenProcess = new TokenProcess(script('tokens.js'));
  const { editor, subscriptions: editorParts } = registerPairEditor({
    extension: extensionUri,
    runFolders,
    suspects,
    readings,
    notices,
    rowChecker,
    decoded: new DecodedFiles(vscode.Uri.joinPath(globalStorageUri, 'decoded').fsPath, decoder),
    saver,
    texts,
    pageSearch,
    pageColumns,
    rowChanges,
    indexes,
    columnStore,
    reviewer,
    indexThreads,
    windows: vscode.Uri.joinPath(globalStorageUri, 'windows').fsPath,
    tokenConfigs,
    tokenProcess,
    keptColumns: new KeptColumns(workspaceState),
  });
  const agreement = new AgreementPanels({
    ...{ extension: extensionUri, editor, readings, notices },
    runFolders: () => runs.outputDirs(),
  });
  const openPair = (file: string, row: number, key: string): Promise<void> => {
    walkthrough.did('pairFromRun');
    return editor.reveal(vscode.Uri.file(file), row, key);
  };
  const roundDid = (step: RoundStep): void => walkthrough.did(step);
  const roundParts = { extension: extensionUri, notices, runs, datasets, editor, reviewer, texts, did: roundDid };
  const rounds = registerRounds(roundParts, context);
  const hubToken = new HubToken(context.secrets);
  const measures = new MeasuresInThreads(script('measureThread.js'), threads);
  const statistics = new StatisticsPanels({ extension: extensionUri, editor, measures, runs, notices });
  const pairScorer = new PairScorer(script('trainer.js'));
  const revealRow = (file: string, row: number): Promise<void> => editor.reveal(vscode.Uri.file(file), row);
  const tokenRewards = new TokenRewardsTab({
    extension: extensionUri,
    notices,
    scorer: pairScorer,
    openPair: revealRow,
  });
  const chats = new ChatTabs({
    ...{ extension: extensionUri, runs, notices, trainer: script('trainer.js') },
    files: new PairFiles(editor, readings),
  });
  const eventThread = new EventThread(script('eventsThread.js'));
  const curvesShown = (): void => walkthrough.did('curvesShown');
  const curves = new CurvesViews({
    ...{ extension: extensionUri, runs, notices, openPair, shown: curvesShown, memory: workspaceState },
    followers: new SharedFollowers(suspects, eventThread, showReading(notices)),
    showPairs: async (file, view) => (await editor.viewOf(vscode.Uri.file(file))).show(view),
    showTokens: (folder, step, place) => tokenRewards.showPair(folder, step, place),
  });
  const lineRewards = new LineRewards(readings, { runFolders, suspects });
  const rewardsChanged = (): void => {
    editor.rewardsChanged();
    modelComparison.rewardsChanged();
    lineRewards.forget();
  };
  const suspectTabs = new SuspectsTabs(suspects, notices);
  const suspectsChanged = (): void => {
    rewardsChanged();
    suspectTabs.refresh();
  };
  const actions = { extension: extensionUri, editor, runs, readings, notices, rewardsChanged };
  const modelComparison = new ModelComparisonPanels({
    ...{ extension: extensionUri, editor, readings, notices, runFolders },
    actions: new ComparisonActions(actions),
  });
  const runComparison = new RunComparisonTab({
    ...{ extension: extensionUri, runs, notices, openPair },
    actions: new RunActions({ editor, memory: workspaceState, notices }),
    otherRuns: new OtherRuns(workspaceState),
    openRun: (folder) => curves.openTab(folder),
  });
  const starter = new TrainingStarter(extensionUri, runs, configs, notices, new TargetTrust(notices, texts));
  subscriptions.push(
    output,
    ...editorParts,
    { dispose: () => rowChecker.close() },
    { dispose: () => pageSearch.close() },
    { dispose: () => pageColumns.close() },
    { dispose: () => rowChanges.close() },
    { dispose: () => indexThreads.close() },
    tokenConfigs,
    { dispose: () => tokenProcess.close() },
    { dispose: () => pairScorer.close() },
    { dispose: () => eventThread.close() },
    tokenRewards,
    chats,
    { dispose: () => measures.close() },
    rounds.work,
    statistics,
    runs,
    readings,
    datasets,
    datasetsView,
    statusBar,
    configs,
    texts,
    rowFiles,
    vscode.workspace.registerFileSystemProvider(rowScheme, rowFiles, { isCaseSensitive: true }),
    runs.onDidChange((list) => statusBar.show(list)),
    runs.onDidChange((list) => list.length > 0 && walkthrough.did('runStarted')),
    vscode.window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
      if (opened.some(isPairs)) walkthrough.did('pairsOpened');
      walkthrough.sawTabs([...opened, ...changed]);
    }),
    editor.onDidChangeCustomDocument(() => walkthrough.did('pairEdited')),
    announceEnds(runs, notices, {
      ended: rewardsChanged,
      showPairs: (folder) => curves.show(folder, { tab: 'pairs', key: null }),
      showLog: (folder) => vscode.commands.executeCommand('margin.showLog', folder),
      resume: (folder) => vscode.commands.executeCommand('margin.resumeRun', folder),
    }),
    keepQueues(runs, starter.program(), output),
    lineRewards,
    watchSuspects(suspectsChanged),
    ...registerAgentTools({ extension: extensionUri, notices, readings, runs }),
    registerTrainForm({ extension: extensionUri, notices, runs, openRow: revealRow }),
    new LineStatus(lineRewards, notices.error),
    vscode.languages.registerHoverProvider(lineFiles, new LineHover(lineRewards)),
    vscode.window.registerTreeDataProvider('margin.datasets', datasetsView),
    runsTree,
    runsTree.onDidChangeVisibility(({ visible }) => runs.setVisible(visible)),
    vscode.window.registerWebviewViewProvider(CurvesViews.viewId, curves),
    vscode.window.registerWebviewPanelSerializer(ChatTabs.tabType, chats),
    vscode.window.registerWebviewPanelSerializer(CurvesViews.tabType, curves),
    vscode.window.registerWebviewPanelSerializer(AgreementPanels.tabType, agreement),
    vscode.window.registerWebviewPanelSerializer(RoundPanels.tabType, rounds.panels),
    vscode.window.registerWebviewPanelSerializer(ModelComparisonPanels.tabType, modelComparison),
    vscode.window.registerWebviewPanelSerializer(RunComparisonTab.tabType, runComparison),
    ...registerCommands({
      extension: extensionUri,
      editor,
      rewardsChanged,
      agreement,
      chats,
      modelComparison,
      curves,
      runComparison,
      runs,
      datasets,
      readings,
      starter,
      notices,
      duplicates: new DuplicatesTabs(extensionUri, notices, (uri, row) => editor.reveal(uri, row)),
      suspects,
      suspectTabs,
      rowChanges,
      texts,
      rowFiles,
      sample,
      saver,
      walkthrough,
      statistics,
      rounds,
      hub: { work: new HubWork(extensionUri, notices, hubToken), token: hubToken },
      sweeps: new SweepTabs({
        ...{ extension: extensionUri, notices, openRun: (folder) => curves.openTab(folder) },
        resume: async (folder) => void (await startSweep(extensionUri, ['--resume', folder])),
      }),
      tokenRewards,
      savedViews: new SavedViews(workspaceState),
    }),
  );
  runs.ready().catch(notices.error);
  greet(sample, walkthrough).catch(notices.error);
  output.info(`Margin ${version} is active, VS Code ${vscode.version}, ${process.platform} ${process.arch}`);
}

function isPairs({ input }: vscode.Tab): boolean {
  return input instanceof vscode.TabInputCustom && input.viewType === PairEditorProvider.viewType;
}

/** Opens the sample if this window was made for it; else, once after the installation, the walkthrough. */
async function greet(sample: Sample, walkthrough: Walkthrough): Promise<void> {
  const pairs = await sample.takeWaiting();
  if (pairs) await (await import('./host/commands/files')).openPairs(pairs);
  else await walkthrough.openOnInstall();
}
