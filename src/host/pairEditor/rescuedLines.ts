import * as vscode from 'vscode';
import type { Edit } from '../../pairs/edits';
import type { Notices } from '../notices';

/** The lines of unsaved edits. */
export function linesOf(edits: readonly Edit[]): string[] {
  return edits.flatMap((edit) => (edit.op === 'replace' ? [edit.line] : edit.op === 'insert' ? edit.lines : []));
}

/** Says which lines a copy lacks, because another program overwrote the file that held them. */
export function tellLost(notices: Notices, uri: vscode.Uri, lost: readonly number[]): void {
  const [first] = lost;
  if (first === undefined) return;
  const name = vscode.workspace.asRelativePath(uri);
  const what = `Another program overwrote ${name}. ${lost.length} of its rows can no longer be read and are missing in the copy`;
  notices.warn(`${what}: the first was row ${first + 1}.`).then(undefined, notices.error);
}

/** Offers the files with the complete content of a file whose save was killed while it wrote in place. */
export function offerInterrupted(notices: Notices, uri: vscode.Uri, wholes: readonly string[]): void {
  for (const whole of wholes) {
    const open = 'Open the whole file';
    const name = vscode.workspace.asRelativePath(uri);
    const message = `A save of ${name} was interrupted. The complete content is in ${whole}.`;
    const offer = async (): Promise<void> => {
      if ((await notices.warn(message, open)) === open)
        await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(whole), 'margin.pairs');
    };
    offer().catch(notices.error);
  }
}
