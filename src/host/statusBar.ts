import * as vscode from 'vscode';
import { isLiving } from '../run/alive';
import type { FoundRun } from '../run/find';

/** Shows the newest living run while there is one. */
export class RunStatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('margin.run', vscode.StatusBarAlignment.Left, 10);

  constructor() {
    this.item.name = 'Margin';
  }

  show(runs: readonly FoundRun[]): void {
    const run = runs.find(({ status }) => isLiving(status));
    if (!run) return this.item.hide();
    const { step = 0, steps = 0, eta = null } = run.state ?? {};
    const left = eta === null ? '' : ` · ${vscode.l10n.t('{0} s left', Math.ceil(eta))}`;
    this.item.text = `$(graph-line) ${run.name} ${step}/${steps}${left}`;
    this.item.tooltip = vscode.l10n.t('Margin: {0}. Click for the curves.', run.status);
    this.item.command = { command: 'margin.showCurves', title: '', arguments: [run.folder] };
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
