import * as vscode from 'vscode';

/** As package.json calls it: publisher, extension, walkthrough. */
const walkthrough = 'margin.margin#getStarted';
const openedKey = 'walkthroughOpened';

/** What a person did of the walkthrough’s steps, beyond what VS Code sees by itself; package.json’s steps wait for these contexts. */
export type Deed = 'pairsOpened' | 'pairEdited' | 'runStarted' | 'pairFromRun';

/** *Get Started with Margin*: opened once after the installation, its steps completed by what a person does. */
export class Walkthrough {
  private readonly done = new Set<Deed>();

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
    if (this.done.has(deed)) return;
    this.done.add(deed);
    void vscode.commands.executeCommand('setContext', `margin.${deed}`, true);
  }
}
