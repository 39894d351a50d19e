import * as vscode from 'vscode';

/** As package.json calls it: publisher, extension, walkthrough. */
const walkthrough = 'margin.margin#getStarted';
const openedKey = 'walkthroughOpened';
const doneKey = 'walkthroughDone';

/** What a person did, one for each step; package.json’s steps wait for the context of this name. */
export type Deed = 'pairsOpened' | 'pairEdited' | 'runStarted' | 'curvesShown' | 'pairFromRun';

/** *Get Started with Margin*: opened once after the installation, its steps completed by what a person does. */
export class Walkthrough {
  constructor(private readonly memory: vscode.Memento) {}

  open(): Thenable<unknown> {
    return vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
  }

  /** Opens it where it never was; a setting keeps it closed where somebody else says what is seen first. */
  async openOnInstall(): Promise<void> {
    const wanted = vscode.workspace.getConfiguration('margin').get<boolean>('walkthrough.openOnInstall') === true;
    if (!wanted || this.memory.get<boolean>(openedKey) === true) return;
    await this.memory.update(openedKey, true);
    await this.open();
  }

  /** The person did it: a step is complete. */
  did(deed: Deed): void {
    const { done } = this;
    if (done.includes(deed)) return;
    void this.memory.update(doneKey, [...done, deed]);
    tell(deed);
  }

  /** What was done before VS Code listened is told when a tab comes to the front that may be the walkthrough’s. */
  sawTabs(tabs: readonly vscode.Tab[]): void {
    // VS Code names no input for the tab of a walkthrough.
    if (tabs.some(({ input, isActive }) => isActive && input === undefined)) this.done.forEach(tell);
  }

  private get done(): readonly Deed[] {
    return this.memory.get<readonly Deed[]>(doneKey, []);
  }
}

/**
 * VS Code listens from when a walkthrough is first opened in a window, and a context that is true by then never
 * completes its step. So the context is true for a moment only, and can be told again.
 */
function tell(deed: Deed): void {
  for (const value of [true, false]) void vscode.commands.executeCommand('setContext', `margin.${deed}`, value);
}
