import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import { Channel, type Handlers } from '../../protocol/channel';
import type { DuelCell } from '../../protocol/modelComparison';
import type {
  MarginSide,
  RunComparisonHost,
  RunComparisonState,
  RunComparisonView,
  RunSentence,
  SamplePair,
  TwoRuns,
} from '../../protocol/runComparison';
import type { Exported } from '../../protocol/statistics';
import { type ComparedRun, ComparedRuns, type UnreadableRun } from '../../run/compared/comparedRun';
import { configDiff } from '../../run/compared/configDiff';
import { columnsOf, type RunColumn } from '../../run/compared/runColumns';
import { RunCurves } from '../../run/compared/runCurves';
import { againstBaseline } from '../../run/compared/sentences';
import { setBaseline } from '../../run/notes';
import type { CommandId } from '../commands/commandIds';
import type { Notices } from '../notices';
import { runsCsv } from '../runPanel/curvesCsv';
import type { RunsModel } from '../runs/runsModel';
import { saveExport } from '../statistics/saveExport';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import type { OtherRuns } from './otherRuns';
import type { RunActions } from './runActions';
import { nameOfPath, rowOf, shownColumn, unreadableRow } from './shownRuns';
import { fileOf, TwoComparedRuns } from './twoRuns';

/** Numbers of a page of points: with 8 bytes each, 240 KB. */
const pageNumbers = 30_000;
/** The view gets at most one `changed` event in this many milliseconds. */
const settleMs = 300;

export interface RunComparisonServices {
  readonly extension: vscode.Uri;
  readonly runs: RunsModel;
  readonly notices: Notices;
  readonly actions: RunActions;
  readonly otherRuns: OtherRuns;
  readonly openRun: (folder: string) => void;
  readonly openPair: (file: string, row: number, key: string) => Promise<void>;
}

/** Serves the view that compares runs. It keeps no state of runs: it reads everything from run folders. */
export class RunComparisonPanel implements vscode.Disposable {
  private readonly channel: Channel<RunComparisonHost, RunComparisonView>;
  private readonly following: vscode.Disposable;
  private readonly list = new ComparedRuns();
  private runs: readonly ComparedRun[] = [];
  private readonly curves = new Map<string, RunCurves>();
  private two: { readonly of: string; readonly runs: TwoComparedRuns } | null = null;
  private wanted: readonly string[] | null = null;
  private revision = 0;
  private pending: NodeJS.Timeout | null = null;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly services: RunComparisonServices,
  ) {
    const { webview } = panel;
    webview.options = viewOptions(services.extension);
    panel.iconPath = new vscode.ThemeIcon('graph-line');
    this.channel = new Channel(hostPort(webview), this.handlers());
    this.following = services.runs.onDidChange(() => this.changed());
    webview.html = viewHtml(webview, services.extension, 'runComparison', 'Compare Runs');
  }

  /** Shows these runs. */
  show(folders: readonly string[]): void {
    this.wanted = folders;
    this.changed();
  }

  dispose(): void {
    this.following.dispose();
    if (this.pending) clearTimeout(this.pending);
    this.two?.runs.close().catch(this.services.notices.error);
    this.channel.dispose();
  }

  private handlers(): Handlers<RunComparisonHost> {
    const { actions, notices, openRun, openPair, otherRuns } = this.services;
    const act = async (work: () => unknown): Promise<null> => {
      try {
        await work();
      } catch (error) {
        notices.error(error);
      }
      return null;
    };
    const change = (work: () => Promise<unknown>): Promise<null> =>
      act(async () => {
        await work();
        this.changed();
      });
    const command = (name: CommandId, ...args: readonly unknown[]): Promise<null> =>
      act(() => vscode.commands.executeCommand(name, ...args));
    return {
      hello: () => this.state(),
      points: async ({ folder, from, metrics }) =>
        (await this.curvesOf(folder)).page(from, Math.floor(pageNumbers / (metrics.length + 2)), metrics),
      saveCurves: ({ folders }) => act(() => this.saveCurves(folders)),
      savePicture: ({ folders, ...picture }) => act(() => this.save(folders, picture)),
      sentences: ({ folders }) => this.sentences(folders),
      config: ({ folders }) => configDiff(folders.map((folder) => this.run(folder))),
      pairs: async (two) => (await this.compared(two)).changes(),
      changedRows: async ({ change: kind, from, count, ...two }) =>
        (await this.compared(two)).changedRows(kind, from, count),
      margins: async ({ of, ...two }) => (await this.compared(two)).margins(of),
      marginRows: async ({ first, second, of, ...query }) =>
        (await this.compared({ first, second })).marginRows(of, query),
      samples: (two) => this.samples(two),
      baseline: ({ folder, baseline }) => change(() => setBaseline(folder, baseline)),
      tags: ({ folders }) => change(() => actions.editTags(folders.map((folder) => this.run(folder)))),
      note: ({ folder }) => change(() => actions.editNote(this.run(folder))),
      columns: () => change(() => actions.chooseColumns(columnsOf(this.runs))),
      openRun: ({ folder }) => act(() => openRun(folder)),
      openPair: ({ folder, of, row, key }) => act(() => openPair(this.fileOf(folder, of), row, key)),
      showCell: ({ of, cell, ...two }) => act(() => this.showCell(two, of, cell)),
      showChanged: ({ change: kind, ...two }) => act(() => this.showChanged(two, kind)),
      compareModels: ({ folder }) => command('margin.compareModels', folder),
      score: ({ folder }) => command('margin.scoreRun', folder),
      train: () => command('margin.train'),
      addOthers: () => change(() => otherRuns.add()),
      removeOther: ({ folder }) => change(() => otherRuns.remove(folder)),
    };
  }

  private async state(): Promise<RunComparisonState> {
    const { runs: model, actions } = this.services;
    const listed = await model.ready();
    const [own, other] = await Promise.all([
      this.list.read(listed.map(({ folder }) => folder)),
      this.services.otherRuns.read(),
    ]);
    const runs = [...own.runs, ...other.runs];
    this.runs = runs;
    const all = new Map(columnsOf(runs).map((column) => [column.id, column]));
    const columns = actions.columns.flatMap((id): RunColumn[] => {
      const column = all.get(id);
      return column ? [column] : [];
    });
    const damaged: readonly UnreadableRun[] = [
      ...own.unreadable,
      ...other.unreadable,
      ...model.unreadable.map(({ folder, error }) => ({ folder, name: nameOfPath(folder), error })),
    ];
    const { wanted, revision } = this;
    this.wanted = null;
    const rows = [...runs.map((run) => rowOf(run, columns)), ...damaged.map((run) => unreadableRow(run, columns))];
    return { revision, columns: columns.map(shownColumn), runs: rows, wanted };
  }

  /** @throws MarginError `missing` for a run that is gone */
  private run(folder: string): ComparedRun {
    const found = this.runs.find((run) => run.folder === folder);
    if (found) return found;
    throw new MarginError('missing', `There is no run in ${folder} any more.`, { folder });
  }

  /** @throws MarginError `missing` for a run of another program: it shows no pairs */
  private fileOf(folder: string, of: MarginSide): string {
    return fileOf(must(this.run(folder).config, `the config of ${folder}`).config, of);
  }

  private async curvesOf(folder: string): Promise<RunCurves> {
    const curves = this.services.otherRuns.curvesOf(folder) ?? this.curves.get(folder) ?? new RunCurves(folder);
    this.curves.set(folder, curves);
    await curves.update();
    return curves;
  }

  private async saveCurves(folders: readonly string[]): Promise<void> {
    const curves = await Promise.all(
      folders.map(async (folder) => ({ name: this.run(folder).name, store: (await this.curvesOf(folder)).store })),
    );
    await this.save(folders, { kind: 'csv', content: await runsCsv(curves) });
  }

  private async save([first]: readonly string[], exported: Omit<Exported, 'name'>): Promise<void> {
    const beside = vscode.Uri.file(must(first, 'a shown run'));
    await saveExport(beside, { ...exported, name: `runs-curves.${exported.kind}` }, this.services.notices);
  }

  private async sentences(folders: readonly string[]): Promise<readonly RunSentence[]> {
    const baseline = this.runs.find(({ notes }) => notes.baseline);
    const said: RunSentence[] = [];
    for (const folder of folders) {
      const run = this.run(folder);
      const { name } = run;
      for (const { text, advice } of (await this.curvesOf(folder)).remarks(run))
        said.push({ folder, name, kind: 'warn', text, advice });
      const compared = baseline && baseline !== run ? againstBaseline(run, baseline) : null;
      if (compared !== null) said.push({ folder, name, kind: 'info', text: compared, advice: null });
    }
    return said;
  }

  private async samples({ first, second }: TwoRuns): Promise<readonly SamplePair[]> {
    const [a, b] = [(await this.curvesOf(first)).samples, (await this.curvesOf(second)).samples];
    const prompts = [...new Set([...a, ...b].map(({ prompt }) => prompt))];
    const of = (samples: typeof a, prompt: string): SamplePair['first'] =>
      samples.find((sample) => sample.prompt === prompt) ?? null;
    return prompts.map((prompt) => ({ prompt, first: of(a, prompt), second: of(b, prompt) }));
  }

  /** The comparison of two runs, kept until another two are compared or one of them was scored again. */
  private async compared({ first, second }: TwoRuns): Promise<TwoComparedRuns> {
    const runs = [this.run(first), this.run(second)] as const;
    const of = JSON.stringify(
      runs.map(({ folder, status, scoring, state }) => [folder, status, scoring?.status, state?.step]),
    );
    if (this.two?.of === of) return this.two.runs;
    const before = this.two;
    const compared = new TwoComparedRuns(runs);
    this.two = { of, runs: compared };
    await before?.runs.close();
    return compared;
  }

  private async showChanged(two: TwoRuns, change: 'added' | 'removed' | 'changed'): Promise<void> {
    const places = await (await this.compared(two)).placesNow(change);
    const file = this.fileOf(change === 'removed' ? two.first : two.second, 'trained');
    await this.services.actions.showPairs(file, change, places);
  }

  private async showCell(two: TwoRuns, of: MarginSide, cell: DuelCell): Promise<void> {
    const places = await (await this.compared(two)).placesIn(of, cell);
    await this.services.actions.showPairs(this.fileOf(two.second, of), 'chosen', places);
  }

  private changed(): void {
    this.revision++;
    this.pending ??= setTimeout(() => {
      this.pending = null;
      this.channel.emit('changed', { revision: this.revision });
    }, settleMs);
  }
}
