import * as vscode from 'vscode';
import type { Notices } from './notices';

/** Publisher, extension and walkthrough, as in package.json. */
const walkthrough = 'margin.margin#getStarted';
const openedKey = 'walkthroughOpened';
const doneKey = 'walkthroughDone';

/** What a person did, one value for each step. The steps in package.json wait for a context with this name. */
export type UserAction = 'pairsOpened' | 'pairEdited' | 'runStarted' | 'curvesShown' | 'pairFromRun' | RoundStep;
/** Those of the walkthrough of a second round. */
export type RoundStep = 'answersDrafted' | 'draftsJudged' | 'roundTrained';

/** *Get Started with Margin*: opens once after the installation; what a person does completes its steps. */
export class Walkthrough {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly notices: Notices,
  ) {}

  open(): Thenable<unknown> {
    return vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
  }

  /** Opens the walkthrough if it was never open. `npm start` turns this off, because it shows the sample first. */
  async openOnInstall(): Promise<void> {
    const wanted = vscode.workspace.getConfiguration('margin').get<boolean>('walkthrough.openOnInstall') === true;
    if (!wanted || this.memory.get<boolean>(openedKey) === true) return;
    await this.memory.update(openedKey, true);
    await this.open();
  }

  /** Completes the step of an action. */
  did(action: UserAction): void {
    const { done } = this;
    if (done.includes(action)) return;
    this.memory.update(doneKey, [...done, action]).then(() => this.complete(action), this.notices.error);
  }

  /**
   * Completes steps again when the walkthrough may have become visible, because VS Code ignores a context that was set
   * before.
   */
  sawTabs(tabs: readonly vscode.Tab[]): void {
    // The tab of a walkthrough has no input.
    if (tabs.some(({ input, isActive }) => isActive && input === undefined))
      for (const action of this.done) this.complete(action);
  }

  private get done(): readonly UserAction[] {
    return this.memory.get<readonly UserAction[]>(doneKey, []);
  }

  /**
   * VS Code listens only after a walkthrough was opened in a window. A context that is already true then never
   * completes its step. So the context is true only for a moment, and can become true again.
   */
  private complete(action: UserAction): void {
    for (const value of [true, false])
      vscode.commands.executeCommand('setContext', `margin.${action}`, value).then(undefined, this.notices.error);
  }
}
