import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Notices } from './notices';

/**
 * Asks to save a dataset with unsaved changes, because other processes read the file on the disk.
 *
 * @param save the label of the button: `Save and Train`
 * @returns false if the person declined
 */
export async function savedFor(notices: Notices, dataset: string, save: string): Promise<boolean> {
  const uri = vscode.Uri.file(dataset);
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const dirty = tabs.some(
    ({ isDirty, input }) =>
      isDirty &&
      (input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText) &&
      input.uri.fsPath === uri.fsPath,
  );
  if (!dirty) return true;
  const answer = await notices.ask('warning', `${basename(dataset)} has unsaved changes.`, '', save);
  return answer === save && (await vscode.workspace.save(uri)) !== undefined;
}
