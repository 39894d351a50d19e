import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';

const setting = 'margin.reviewer';
const askedKey = 'reviewerAsked';

/** Who reviews: the setting `margin.reviewer`. If it is empty, Margin asks once; a person may stay anonymous. */
export class Reviewer {
  constructor(private readonly memory: vscode.Memento) {}

  /** Empty for an anonymous reviewer, or one who was not asked yet. */
  get name(): string {
    return vscode.workspace.getConfiguration().get<string>(setting, '').trim();
  }

  /**
   * Asks for the name if nobody has answered yet.
   *
   * @returns false if the person closed the question
   */
  async ask(folder: string): Promise<boolean> {
    if (this.name !== '' || this.memory.get<boolean>(askedKey, false)) return true;
    const name = await vscode.window.showInputBox({
      title: 'Margin: Who reviews?',
      prompt: 'Your marks carry this name. Leave it empty to stay anonymous. The setting margin.reviewer changes it.',
      value: await gitName(folder),
      ignoreFocusOut: true,
    });
    if (name === undefined) return false;
    await this.memory.update(askedKey, true);
    if (name.trim() !== '')
      await vscode.workspace.getConfiguration().update(setting, name.trim(), vscode.ConfigurationTarget.Global);
    return true;
  }
}

/** The name in git's settings; empty if there is none. A folder that is not trusted is not asked. */
async function gitName(folder: string): Promise<string> {
  if (!vscode.workspace.isTrusted) return '';
  try {
    const { stdout } = await promisify(execFile)('git', ['config', 'user.name'], { cwd: folder, timeout: 3000 });
    return stdout.trim();
  } catch {
    // No git, or no name in it.
    return '';
  }
}
