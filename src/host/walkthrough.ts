import * as vscode from 'vscode';
import type { Notices } from './notices';

/** Publisher, extension and walkthrough, as in package.json. */
const walkthrough = 'margin.margin#getStarted';
const openedKey = 'walkthroughOpened';
const doneKey = 'walkthroughDone';

/** What a person did, one for each step. The steps in package.json wait for a context of this name. */
export type Deed = 'pairsOpened' | 'pairEdited' | 'runStarted' | 'curvesShown' | 'pairFromRun';

/** *Get Started with Margin*: opens once after the installation; what a person does completes its steps. */
export class Walkthrough {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly notices: Notices,
  ) {}

  open(): Thenable<unknown> {
    return vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
  }

  /** Opens the walkthrough if it never was open. `npm start` turns this off, because it shows the sample first. */
  async openOnInstall(): Promise<void> {
    const wanted = vscode.workspace.getConfiguration('margin').get<boolean>('walkthrough.openOnInstall') === true;
    if (!wanted || this.memory.get<boolean>(openedKey) === true) return;
    await this.memory.update(openedKey, true);
    await this.open();
  }

  /** Completes the step of a deed. */
  did(deed: Deed): void {
    const { done } = this;
    if (done.includes(deed)) return;
    this.memory.update(doneKey, [...done, deed]).then(() => this.complete(deed), this.notices.error);
  }

  /** Completes steps again when the walkthrough may have come to the front: VS Code drops deeds of before it opened. */
  sawTabs(tabs: readonly vscode.Tab[]): void {
    // The tab of a walkthrough has no input.
    if (tabs.some(({ input, isActive }) => isActive && input === undefined))
      for (const deed of this.done) this.complete(deed);
  }

  private get done(): readonly Deed[] {
    return this.memory.get<readonly Deed[]>(doneKey, []);
  }

  /**
   * VS Code listens from the moment when a walkthrough is first opened in a window, and a context that is true by then
   * never completes its step. So the context is true for a moment only, and can become true again.
   */
  private complete(deed: Deed): void {
    for (const value of [true, false])
      vscode.commands.executeCommand('setContext', `margin.${deed}`, value).then(undefined, this.notices.error);
  }
}
