import * as vscode from 'vscode';
import { plainItem } from '../base/pure/plainText';

/**
 * Asks a single question. The list stays open when a view takes the focus, as one that opens at this moment does.
 *
 * @returns undefined if the person closed the list
 */
export function pickOne<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  options: vscode.QuickPickOptions,
): Thenable<Item | undefined> {
  return vscode.window.showQuickPick(items.map(plainItem), { ignoreFocusOut: true, ...options });
}
