import * as vscode from 'vscode';
import type { AgreementPanels } from '../agreement/agreementPanels';
import type { ChatTabs } from '../chat/chatTabs';
import type { RowChanges } from '../../jsonl/node/bulk/rowChanges';
import type { HubToken } from '../hub/hubToken';
import type { HubWork } from '../hub/hubWork';
import type { ReadOnlyTexts } from '../readOnlyTexts';
import type { ModelComparisonPanels } from '../modelComparison/modelComparisonPanels';
import type { DatasetsModel } from '../datasets/datasetsModel';
import type { DuplicatesTabs } from '../duplicates/duplicatesTabs';
import type { Notices } from '../notices';
import type { PairEditorProvider } from '../pairEditor/provider';
import { pickOne } from '../quickSteps';
import type { Readings } from '../reading/readings';
import type { RunComparisonTab } from '../runComparison/runComparisonTab';
import type { RowFiles } from '../rowText/rowFiles';
import type { CurvesViews } from '../runPanel/curvesView';
import type { Rounds } from '../rounds/registerRounds';
import type { ListedRun, RunsModel } from '../runs/runsModel';
import type { Sample } from '../sample';
import type { LinesSaver } from '../saveAsLines';
import type { SavedViews } from '../savedViews/savedViews';
import type { StatisticsPanels } from '../statistics/statisticsPanels';
import type { KnownSuspects } from '../suspects/knownSuspects';
import type { SweepTabs } from '../sweeps/sweepTabs';
import type { SuspectsTabs } from '../suspects/suspectsTabs';
import type { TokenRewardsTab } from '../tokenRewards/tokenRewardsTab';
import type { TrainingStarter } from '../train/startTraining';
import type { Walkthrough } from '../walkthrough';
import type { CommandId } from './commandIds';

export interface CommandServices {
  readonly extension: vscode.Uri;
  readonly editor: PairEditorProvider;
  /** There may be newer rewards: whatever shows some reads them again. */
  readonly rewardsChanged: () => void;
  readonly agreement: AgreementPanels;
  readonly chats: ChatTabs;
  readonly modelComparison: ModelComparisonPanels;
  readonly curves: CurvesViews;
  readonly runComparison: RunComparisonTab;
  readonly runs: RunsModel;
  readonly datasets: DatasetsModel;
  readonly readings: Readings;
  readonly starter: TrainingStarter;
  readonly notices: Notices;
  readonly duplicates: DuplicatesTabs;
  readonly suspects: KnownSuspects;
  readonly suspectTabs: SuspectsTabs;
  readonly rowChanges: RowChanges;
  readonly texts: ReadOnlyTexts;
  readonly rowFiles: RowFiles;
  readonly sample: Sample;
  readonly saver: LinesSaver;
  readonly walkthrough: Walkthrough;
  readonly statistics: StatisticsPanels;
  readonly sweeps: SweepTabs;
  readonly tokenRewards: TokenRewardsTab;
  readonly rounds: Rounds;
  readonly hub: { readonly work: HubWork; readonly token: HubToken };
  readonly savedViews: SavedViews;
}

/**
 * The palette calls a command without arguments, a menu with a file or the row of a view, other code with the folder of
 * a run.
 */
type CommandHandler = (...args: readonly unknown[]) => unknown;

export type Commands = Readonly<Record<CommandId, CommandHandler>>;

/** The file that a command acts on: its argument, else the file of the active tab. */
export function fileOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  if (typeof target === 'object' && target !== null && 'uri' in target && target.uri instanceof vscode.Uri)
    return target.uri;
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
}

/** The run folder in a command's argument, which is the folder itself or a row of the Runs view. */
export function folderOf(target: unknown): string | null {
  if (typeof target === 'string') return target;
  return typeof target === 'object' && target !== null && 'folder' in target && typeof target.folder === 'string'
    ? target.folder
    : null;
}

/** The runs that a command can act on. */
export interface RunKind {
  readonly fits: (run: ListedRun) => boolean;
  /** What a person is told if there is none. */
  readonly none: string;
}

/**
 * The folder of the run that a command acts on. Without an argument, asks the person if more than one run fits.
 *
 * @returns null if no run fits or the person closed the list
 */
export async function runOf(
  { runs, notices }: Pick<CommandServices, 'runs' | 'notices'>,
  target: unknown,
  { fits, none }: RunKind,
): Promise<string | null> {
  const given = folderOf(target);
  if (given !== null) return given;
  const known = (await runs.ready()).filter(fits);
  // The list follows the folders with a delay, so a run may have just got into the state.
  const fitting = known.length > 0 ? known : (await runs.refresh()).filter(fits);
  if (fitting.length === 0) {
    await notices.info(none);
    return null;
  }
  if (fitting.length === 1) return fitting[0]?.folder ?? null;
  const items = fitting.map(({ folder, name, status, created }) => {
    const description = `${status} · ${new Date(created).toLocaleString(vscode.env.language)}`;
    return { label: name, description, detail: folder, folder };
  });
  const picked = await pickOne(items, { title: 'Margin: Run' });
  return picked?.folder ?? null;
}
