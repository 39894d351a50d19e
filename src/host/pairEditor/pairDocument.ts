import * as vscode from 'vscode';
import { readBackup } from '../../jsonl/backup';
import { LinesDocument } from '../../jsonl/document';
import type { PairEdit } from '../../protocol/pairEditor';
import { lineEdit } from '../../pairs/pairEdits';

/** The custom editor's document: a file of lines of any size with unsaved edits over it. VS Code owns the undo stack. */
export class PairDocument implements vscode.CustomDocument {
  private readonly edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<PairDocument>>();
  readonly onDidEdit = this.edited.event;

  private constructor(
    readonly uri: vscode.Uri,
    readonly lines: LinesDocument,
  ) {}

  /** @param backup what hot exit left; if the file changed since, the edits are kept out and the person is told */
  static async open(uri: vscode.Uri, backup: string | undefined): Promise<PairDocument> {
    const lines = await LinesDocument.open(uri.fsPath);
    if (backup !== undefined) {
      const restored = await lines.restore(await readBackup(vscode.Uri.parse(backup).fsPath));
      if (restored.kind === 'base-changed') void vscode.window.showWarningMessage(restored.message);
    }
    return new PairDocument(uri, lines);
  }

  /** Applies what a person did; answers the row to show next. */
  async apply(edit: PairEdit): Promise<number> {
    const [line] = await this.lines.lines(edit.row, 1);
    const { edit: change, row } = lineEdit(edit, line);
    if (change.op === 'replace' && change.line === change.previous) return row;
    const applied = this.lines.applyEdit(change);
    this.edited.fire({ document: this, label: edit.kind, undo: () => applied.undo(), redo: () => applied.redo() });
    return Math.min(row, this.lines.rowCount - 1);
  }

  dispose(): void {
    this.edited.dispose();
    void this.lines.close();
  }
}
