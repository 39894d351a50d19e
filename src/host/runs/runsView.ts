import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isLiving } from '../../run/alive';
import type { FoundRun, FoundRuns } from '../../run/find';
import { plainLabel, plainLine } from '../plainText';
import type { ListedRun, RunsModel } from './runsModel';
import { sharedNames, startTime } from './runNames';

type Unreadable = FoundRuns['unreadable'][number];

const icons: Readonly<Record<FoundRun['status'], readonly [icon: string, colour?: string]>> = {
  starting: ['loading~spin'],
  running: ['play-circle', 'charts.green'],
  paused: ['debug-pause'],
  stopping: ['loading~spin'],
  done: ['pass', 'charts.green'],
  stopped: ['circle-slash'],
  failed: ['error', 'charts.red'],
  lost: ['warning', 'charts.yellow'],
};

/** *Runs* of the side bar: the readable runs, newest first, then the unreadable ones with the reason. */
export class RunsView implements vscode.TreeDataProvider<ListedRun | Unreadable> {
  readonly onDidChangeTreeData: vscode.Event<void>;
  private readonly emitter = new vscode.EventEmitter<void>();

  constructor(private readonly model: RunsModel) {
    this.onDidChangeTreeData = this.emitter.event;
    model.onDidChange(() => this.emitter.fire());
  }

  async getChildren(element?: ListedRun | Unreadable): Promise<(ListedRun | Unreadable)[]> {
    return element ? [] : [...(await this.model.ready()), ...this.model.unreadable];
  }

  getTreeItem(run: ListedRun | Unreadable): vscode.TreeItem {
    return 'error' in run ? unreadableItem(run) : runItem(run, sharedNames(this.model.runs).has(run.name));
  }
}

/**
 * @param isShared whether another run has the same name; if so, the start time is shown
 */
function runItem(run: ListedRun, isShared: boolean): vscode.TreeItem {
  const { folder, name, status, state, loss, created, remarks } = run;
  const item = new vscode.TreeItem(plainLabel(name));
  const [icon, colour] = icons[status];
  const steps = state && state.steps > 0 ? `${state.step}/${state.steps}` : null;
  const start = isShared ? startTime(created, Date.now(), vscode.env.language) : null;
  item.id = folder;
  item.description = [start, status, steps, loss === null ? null : `loss ${loss.toPrecision(3)}`]
    .filter((part) => part !== null)
    .join(' · ');
  const when = new Date(created).toLocaleString(vscode.env.language);
  const lines = [folder, when, state?.error?.message, ...remarks];
  item.tooltip = lines.flatMap((line) => (line === undefined ? [] : plainLine(line))).join('\n');
  item.iconPath = new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
  item.contextValue = contextOf(status);
  item.accessibilityInformation = { label: plainLine(`${name}, ${item.description}`) };
  item.command = { command: 'margin.showCurves', title: '', arguments: [folder] };
  return item;
}

/** The context value of a run. package.json uses it to choose the commands of the run's menu. */
function contextOf(status: FoundRun['status']): string {
  if (status === 'paused') return 'run.paused';
  if (isLiving(status)) return 'run.living';
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
