import * as vscode from 'vscode';
import type { Notices } from '../notices';

/** Says that edited lines are not in the file, and offers to show them as a new text. @param show names the action */
export function offerLines(notices: Notices, message: string, show: string, lines: readonly string[]): void {
  const offer = async (): Promise<void> => {
    if ((await notices.warn(message, show)) !== show) return;
    const content = `${lines.join('\n')}\n`;
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: 'jsonl' }));
  };
  offer().catch(notices.error);
}
