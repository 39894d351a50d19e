import * as vscode from 'vscode';
import { readBackup } from '../../jsonl/backup';
import { LinesDocument } from '../../jsonl/document';
import { type Edit, rowAfter } from '../../pairs/edits';
import { lineEdit, type PairEdit } from '../../pairs/pairEdits';

/** Edits remembered to follow rows; a view lags behind by a few at most. */
const maxRemembered = 1000;

/** The custom editor's document: a file of lines of any size with unsaved edits over it. VS Code owns the undo stack. */
export class PairDocument implements vscode.CustomDocument {
  private readonly edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<PairDocument>>();
  readonly onDidEdit = this.edited.event;
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;
  private readonly log: { readonly revision: number; readonly edit: Edit }[] = [];
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly uri: vscode.Uri,
    readonly lines: LinesDocument,
  ) {
    lines.onDidChange((change) => {
      if (change.kind === 'edited') this.log.push({ revision: lines.revision, edit: change.edit });
      if (this.log.length > maxRemembered) this.log.shift();
    });
  }

  /**
   * Opens a file, with the edits of a backup where there is one. The edits are in the document when this settles, because VS
   * Code asks for a new backup at once.
   *
   * @param backup what hot exit left; edits made on another content of the file are not applied
   * @param kept is handed edits that could not be applied
   */
  static async open(uri: vscode.Uri, backup: string | undefined, kept: (message: string, edits: readonly Edit[]) => void): Promise<PairDocument> {
    const lines = await LinesDocument.open(uri.fsPath);
    try {
      const restored = backup === undefined ? null : await lines.restore(await readBackup(vscode.Uri.parse(backup).fsPath));
      if (restored?.kind === 'base-changed') kept(restored.message, restored.edits);
      return new PairDocument(uri, lines);
    } catch (error) {
      await lines.close();
      throw error;
    }
  }

  /**
   * Applies what a person did on the rows as they stood at `revision`; answers the row to show next, null where the row that
   * was meant is gone. Throws what {@link lineEdit} throws.
   */
  apply(edit: PairEdit, revision: number): Promise<number | null> {
    const result = this.queue.then(() => this.applyNow(edit, revision));
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** Settles when everything a view has asked for is applied. */
  async settled(): Promise<void> {
    await this.queue;
  }

  dispose(): void {
    this.disposed.fire();
    this.disposed.dispose();
    this.edited.dispose();
    void this.lines.close();
  }

  private async applyNow(asked: PairEdit, revision: number): Promise<number | null> {
    const start = this.rowNow(asked.row, revision);
    const seen = this.lines.revision;
    const [line] = start === null ? [] : await this.lines.lines(start, 1);
    if (start === null) return null;
    // Reading takes a moment, in which an undo may move or change the row.
    if ((this.log.at(-1)?.revision ?? 0) > seen) return this.applyNow({ ...asked, row: start }, seen);
    const { edit, row: next } = lineEdit({ ...asked, row: start }, line);
    if (edit.op === 'replace' && edit.line === edit.previous) return next;
    const applied = this.lines.applyEdit(edit);
    this.edited.fire({ document: this, label: labelOf(asked), undo: () => applied.undo(), redo: () => applied.redo() });
    return Math.max(0, Math.min(next, this.lines.rowCount - 1));
  }

  /** Where a row of an earlier revision is now; null where it was deleted. */
  private rowNow(row: number, revision: number): number | null {
    let now: number | null = row;
    for (const entry of this.log) if (entry.revision > revision && now !== null) now = rowAfter(now, entry.edit);
    return now;
  }
}

function labelOf({ kind }: PairEdit): string {
  switch (kind) {
    case 'text':
    case 'raw':
      return vscode.l10n.t('Edit text');
    case 'swap':
      return vscode.l10n.t('Swap chosen and rejected');
    case 'delete':
      return vscode.l10n.t('Delete pair');
    case 'duplicate':
      return vscode.l10n.t('Duplicate pair');
    case 'insert':
      return vscode.l10n.t('Insert pair');
  }
}
