import * as vscode from 'vscode';
import { NumbersInThreads } from '../../jsonl/node/columns/readNumbers';
import { MeasuresInThreads } from '../../jsonl/node/statistics/rowMeasures';
import { AgreementPanels } from '../agreement/agreementPanels';
import { agentTools } from '../agentTools/agentTools';
import type { ToolName } from '../agentTools/toolNames';
import { ChatTabs } from '../chat/chatTabs';
import { PairFiles } from '../chat/pairFile';
import { commandHandlers } from '../commands/handlers';
import type { Commands } from '../commands/target';
import { DatasetsModel } from '../datasets/datasetsModel';
import { DatasetsView } from '../datasets/datasetsView';
import { DuplicatesTabs } from '../duplicates/duplicatesTabs';
import { HubToken } from '../hub/hubToken';
import { HubWork } from '../hub/hubWork';
import { LineRewards } from '../lineRewards/lineRewards';
import { ComparisonActions } from '../modelComparison/comparisonActions';
import { ModelComparisonPanels } from '../modelComparison/modelComparisonPanels';
import type { PairEditorProvider } from '../pairEditor/provider';
import { Readings } from '../reading/readings';
import { registerRounds } from '../rounds/registerRounds';
import type { RoundPanels } from '../rounds/roundPanels';
import { OtherRuns } from '../runComparison/otherRuns';
import { RunActions } from '../runComparison/runActions';
import { RunComparisonTab } from '../runComparison/runComparisonTab';
import { CurvesViews } from '../runPanel/curvesView';
import { EventThread } from '../runPanel/parsing';
import { showColumns, showReading } from '../runPanel/rewards/showReading';
import { SharedFollowers } from '../runPanel/sharedFollowers';
import { StatisticsPanels } from '../statistics/statisticsPanels';
import { KnownSuspects } from '../suspects/knownSuspects';
import { SuspectsTabs } from '../suspects/suspectsTabs';
import { watchSuspects } from '../suspects/watchSuspects';
import { startSweep } from '../sweeps/startSweep';
import { SweepTabs } from '../sweeps/sweepTabs';
import { TargetTrust } from '../targets/targetTrust';
import { PairScorer } from '../tokenRewards/pairScorer';
import { TokenRewardsTab } from '../tokenRewards/tokenRewardsTab';
import { ConfigProblems } from '../train/configProblems';
import { TrainingStarter } from '../train/startTraining';
import { SavedViews } from '../savedViews/savedViews';
import type { RoundStep } from '../walkthrough';
import type { Core } from './core';
import { editorParts, threads } from './editorParts';

/** The tabs that VS Code shows again after a restart. */
export type TabType =
  | typeof AgreementPanels.tabType
  | typeof ChatTabs.tabType
  | typeof CurvesViews.tabType
  | typeof ModelComparisonPanels.tabType
  | typeof RoundPanels.tabType
  | typeof RunComparisonTab.tabType;

/** What is loaded when a person, VS Code or an agent first asks for some of it. */
export interface Parts {
  readonly editor: PairEditorProvider;
  readonly datasets: DatasetsView;
  readonly curves: CurvesViews;
  readonly lineRewards: LineRewards;
  readonly tabs: Readonly<Record<TabType, vscode.WebviewPanelSerializer>>;
  readonly tools: Readonly<Record<ToolName, vscode.LanguageModelTool<unknown>>>;
  readonly commands: Commands;
  readonly rewardsChanged: () => void;
  readonly subscriptions: readonly vscode.Disposable[];
}

/** Makes the pair editor, the views and the tabs, and connects them. */
export function makeParts(core: Core): Parts {
  const { notices, output, runs, rowFiles, sample, texts, walkthrough } = core;
  const { extensionUri, globalState, secrets, workspaceState } = core.context;
  const script = (name: string): string => vscode.Uri.joinPath(extensionUri, 'dist', name).fsPath;
  const readings = new Readings(workspaceState, notices);
  const datasets = new DatasetsModel(workspaceState, readings, output);
  const datasetsView = new DatasetsView(datasets);
  const configs = new ConfigProblems();
  const suspects = new KnownSuspects();
  const { editor, shared, subscriptions } = editorParts(core, readings, suspects);
  const { reviewer, runFolders, rowChanges, saver } = shared;
  const common = { extension: extensionUri, notices };
  const agreement = new AgreementPanels({ ...common, editor, readings, runFolders });
  const revealRow = (file: string, row: number): Promise<void> => editor.reveal(vscode.Uri.file(file), row);
  const openPair = (file: string, row: number, key: string): Promise<void> => {
    walkthrough.did('pairFromRun');
    return editor.reveal(vscode.Uri.file(file), row, key);
  };
  const did = (step: RoundStep): void => walkthrough.did(step);
  const roundParts = { ...common, runs, datasets, editor, reviewer, texts, did };
  const rounds = registerRounds(roundParts, { secrets, globalState });
  const hubToken = new HubToken(secrets);
  const measures = new MeasuresInThreads(script('measureThread.js'), threads);
  const statistics = new StatisticsPanels({ ...common, editor, measures, runs });
  const scorer = new PairScorer(script('trainer.js'));
  const tokenRewards = new TokenRewardsTab({ ...common, scorer, openPair: revealRow });
  const chats = new ChatTabs({
    ...common,
    runs,
    trainer: script('trainer.js'),
    files: new PairFiles(editor, readings),
  });
  const eventThread = new EventThread(script('eventsThread.js'));
  const numbers = new NumbersInThreads(script('columnThread.js'), threads);
  const curvesShown = (): void => walkthrough.did('curvesShown');
  const curves = new CurvesViews({
    ...common,
    runs,
    openPair,
    shown: curvesShown,
    memory: workspaceState,
    followers: new SharedFollowers(suspects, eventThread, showReading(notices), {
      threads: numbers,
      slow: showColumns(notices),
    }),
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
  const modelComparison = new ModelComparisonPanels({
    ...common,
    editor,
    readings,
    runFolders,
    actions: new ComparisonActions({ ...common, editor, runs, readings, rewardsChanged }),
  });
  const openRun = (folder: string): void => curves.openTab(folder);
  const runComparison = new RunComparisonTab({
    ...common,
    runs,
    openPair,
    openRun,
    actions: new RunActions({ editor, memory: workspaceState, notices }),
    otherRuns: new OtherRuns(workspaceState),
  });
  const tools = agentTools({ ...common, readings, runs });
  const commands = commandHandlers({
    ...common,
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
    starter: new TrainingStarter(extensionUri, runs, configs, notices, new TargetTrust(notices, texts)),
    duplicates: new DuplicatesTabs(extensionUri, notices, (uri, row) => editor.reveal(uri, row)),
    hub: { work: new HubWork(extensionUri, notices, hubToken), token: hubToken },
    sweeps: new SweepTabs({
      ...common,
      openRun,
      resume: async (folder) => void (await startSweep(extensionUri, ['--resume', folder])),
    }),
    tokenRewards,
    savedViews: new SavedViews(workspaceState),
  });
  return {
    editor,
    datasets: datasetsView,
    curves,
    lineRewards,
    tools,
    commands,
    rewardsChanged,
    tabs: {
      'margin.agreement': agreement,
      'margin.chat': chats,
      'margin.modelComparison': modelComparison,
      'margin.round': rounds.panels,
      'margin.run': curves,
      'margin.runComparison': runComparison,
    },
    subscriptions: [
      ...subscriptions,
      { dispose: () => scorer.close() },
      { dispose: () => eventThread.close() },
      { dispose: () => measures.close() },
      ...[
        numbers,
        tokenRewards,
        chats,
        rounds.work,
        statistics,
        readings,
        datasets,
        datasetsView,
        configs,
        lineRewards,
      ],
      editor.onDidChangeCustomDocument(() => walkthrough.did('pairEdited')),
      watchSuspects(suspectsChanged),
    ],
  };
}
