import * as vscode from 'vscode';
import { isLiving } from '../../run/alive';
import { plainLabel } from '../../base/pure/plainText';
import type { ListedRun } from './runsModel';

/** Shows the newest living run; hidden while no run is living. */
export class RunStatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('margin.run', vscode.StatusBarAlignment.Left, 10);

  constructor() {
    this.item.name = 'Margin';
  }

  show(runs: readonly ListedRun[]): void {
    const run = runs.find(({ status }) => isLiving(status));
    if (!run) return this.item.hide();
    const { name, status, state, loss } = run;
    const parts = [
      status === 'running' ? plainLabel(name) : `${plainLabel(name)}: ${status}`,
      state !== null && state.steps > 0 ? `${state.step}/${state.steps}` : null,
      loss === null ? null : `loss ${loss.toPrecision(3)}`,
      state === null || state.eta === null ? null : timeLeft(state.eta),
    ];
    this.item.text = `$(graph-line) ${parts.filter((part) => part !== null).join(' · ')}`;
    this.item.tooltip = `Margin: ${status}. Click to see the curves.`;
    this.item.command = { command: 'margin.showCurves', title: '', arguments: [run.folder] };
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}

function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min left` : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}
