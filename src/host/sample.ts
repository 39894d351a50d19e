import { cp, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { openOne } from './quickSteps';

const folderName = 'margin-sample';
const waitingKey = 'sampleToOpen';

/** The sample that comes with Margin: a small dataset and model, copied for the person to change. */
export class Sample {
  constructor(
    private readonly extension: vscode.Uri,
    private readonly memory: vscode.Memento,
  ) {}

  /**
   * Copies the sample into a new folder and opens its pairs there.
   *
   * @param into parent of the new folder; undefined: asks the person
   * @returns the file of pairs; null if the person closed the dialog, or if a new window opens the pairs
   */
  async open(into: vscode.Uri | undefined): Promise<vscode.Uri | null> {
    const parent = into ?? (await this.ask());
    if (!parent) return null;
    const folder = await this.copy(parent.fsPath);
    const pairs = vscode.Uri.file(join(folder, 'prefs.jsonl'));
    if (vscode.workspace.getWorkspaceFolder(pairs)) return pairs;
    await this.memory.update(waitingKey, pairs.fsPath);
    await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder));
    return null;
  }

  /** The pairs that this window was opened for; null if it was opened for something else, and at each later call. */
  async takeWaiting(): Promise<vscode.Uri | null> {
    const path = this.memory.get<string>(waitingKey);
    if (path === undefined || !vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))) return null;
    await this.memory.update(waitingKey, undefined);
    return vscode.Uri.file(path);
  }

  private ask(): Promise<vscode.Uri | null> {
    const defaultUri = vscode.workspace.workspaceFolders?.[0]?.uri;
    const options = { canSelectFolders: true, canSelectFiles: false, openLabel: 'Put Sample Here' };
    return openOne('Margin: Folder for the Sample', { ...options, ...(defaultUri ? { defaultUri } : {}) });
  }

  /** An earlier copy may hold the person's work, so each copy gets a new folder. */
  private async copy(parent: string): Promise<string> {
    for (let n = 1; ; n++) {
      const folder = join(parent, n === 1 ? folderName : `${folderName}-${n}`);
      // A missing folder means that the name is free.
      if (
        await stat(folder).then(
          () => true,
          () => false,
        )
      )
        continue;
      const source = vscode.Uri.joinPath(this.extension, 'media', 'sample').fsPath;
      // In a checkout the folder also holds the scripts that made the sample, and runs trained there.
      await cp(source, folder, { recursive: true, filter: (path) => !['make', '.margin'].includes(basename(path)) });
      return folder;
    }
  }
}
