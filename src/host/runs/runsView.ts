import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isLiving } from '../../run/alive';
import { at } from '../../base/pure/must';
import { formatValue } from '../../run/compared/formatValue';
import type { FoundRun, FoundRuns } from '../../run/find';
import { folderBytes } from '../../run/trash';
import { plainLabel, plainLine } from '../../base/pure/plainText';
import type { ListedRun, RunsModel } from './runsModel';
import { placeOf, queuedFirst } from './queueOrder';
import { sharedNames, startTime } from './runNames';

type Unreadable = FoundRuns['unreadable'][number];

const icons: Readonly<Record<FoundRun['status'], readonly [icon: string, colour?: string]>> = {
  queued: ['clock'],
  starting: ['loading~spin'],
  running: ['play-circle', 'charts.green'],
  paused: ['debug-pause'],
  stopping: ['loading~spin'],
  done: ['pass', 'charts.green'],
  stopped: ['circle-slash'],
  failed: ['error', 'charts.red'],
  lost: ['warning', 'charts.yellow'],
};

/** A row of the list. It stays the same object while its run is listed, so that VS Code can draw it alone. */
interface RunRow {
  readonly folder: string;
  run: ListedRun | Unreadable;
  /** What the row shows, as text. */
  look: string;
}

/** *Runs* of the side bar: the readable runs, newest first, then the unreadable ones with the reason. */
export class RunsView implements vscode.TreeDataProvider<RunRow> {
  private readonly emitter = new vscode.EventEmitter<RunRow[] | undefined>();
  readonly onDidChangeTreeData = this.emitter.event;
  private rows: readonly RunRow[] = [];

  constructor(private readonly model: RunsModel) {
    model.onDidChange(() => this.update());
  }

  async getChildren(element?: RunRow): Promise<RunRow[]> {
    if (element) return [];
    await this.model.ready();
    const known = new Map(this.rows.map((row) => [row.folder, row]));
    this.rows = this.listed().map((run) => {
      const row = known.get(run.folder) ?? { folder: run.folder, run, look: '' };
      return Object.assign(row, { run, look: this.lookOf(run) });
    });
    return [...this.rows];
  }

  getTreeItem({ run }: RunRow): vscode.TreeItem {
    return this.itemOf(run);
  }

  /** Adds the tooltip of a run when the mouse rests on it, because its size takes a look at all of its files. */
  async resolveTreeItem(item: vscode.TreeItem, { run }: RunRow): Promise<vscode.TreeItem> {
    if (!('error' in run)) item.tooltip = tooltipOf(run, await folderBytes(run.folder));
    return item;
  }

  /**
   * Draws the rows that look otherwise than before, or the whole list if it holds other runs or has another order. A
   * click on a button of a row is lost if VS Code draws the row meanwhile.
   */
  private update(): void {
    const runs = this.listed();
    const { rows } = this;
    if (runs.length !== rows.length || runs.some(({ folder }, i) => folder !== rows[i]?.folder))
      return this.emitter.fire(undefined);
    const changed = rows.filter((row, i) => {
      const before = row.look;
      row.run = at(runs, i);
      row.look = this.lookOf(row.run);
      return row.look !== before;
    });
    if (changed.length > 0) this.emitter.fire(changed);
  }

  private listed(): readonly (ListedRun | Unreadable)[] {
    return [...queuedFirst(this.model.runs), ...this.model.unreadable];
  }

  private itemOf(run: ListedRun | Unreadable): vscode.TreeItem {
    return 'error' in run ? unreadableItem(run) : runItem(run, this.model.runs);
  }

  private lookOf(run: ListedRun | Unreadable): string {
    const { label, description, iconPath, contextValue } = this.itemOf(run);
    return JSON.stringify([label, description, iconPath, contextValue]);
  }
}

/** @param runs all listed runs. If another one has the same name, the start time is shown */
function runItem(run: ListedRun, runs: readonly ListedRun[]): vscode.TreeItem {
  const { folder, name, status, state, loss, created } = run;
  const item = new vscode.TreeItem(plainLabel(name));
  const [icon, colour] = icons[status];
  const steps = state && state.steps > 0 ? `${state.step}/${state.steps}` : null;
  const start = sharedNames(runs).has(name) ? startTime(created, Date.now(), vscode.env.language) : null;
  item.id = folder;
  item.description = [start, statusText(run, runs), steps, loss === null ? null : `loss ${loss.toPrecision(3)}`]
    .filter((part) => part !== null)
    .join(' · ');
  item.iconPath = new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
  item.contextValue = contextOf(status);
  item.accessibilityInformation = { label: plainLine(`${name}, ${item.description}`) };
  item.command = { command: 'margin.showCurves', title: '', arguments: [folder] };
  return item;
}

function tooltipOf({ folder, created, state, lost, remarks }: ListedRun, bytes: number): string {
  const when = new Date(created).toLocaleString(vscode.env.language);
  const lines = [folder, when, `${formatValue(bytes, 'bytes')} on the disk`, lost, state?.error?.message, ...remarks];
  return lines.flatMap((line) => (line === undefined ? [] : plainLine(line))).join('\n');
}

/** The status of a run, with its place if it waits. */
function statusText(run: ListedRun, runs: readonly ListedRun[]): string {
  const queued = placeOf(run, runs);
  return queued === null ? run.status : `queued, ${queued.place} of ${queued.of}`;
}

/** The context value of a run. package.json uses it to choose the commands of the run's menu. */
function contextOf(status: FoundRun['status']): string {
  if (status === 'paused') return 'run.paused';
  if (isLiving(status)) return 'run.living';
  if (status === 'queued') return 'run.queued';
  return status === 'done' ? 'run.done' : 'run.resumable';
}

function unreadableItem({ folder, error }: Unreadable): vscode.TreeItem {
  const item = new vscode.TreeItem(plainLabel(basename(folder)));
  item.id = folder;
  item.description = plainLabel(error.message);
  item.tooltip = plainLine(error.message);
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('charts.yellow'));
  item.contextValue = 'run.unreadable';
  return item;
}
