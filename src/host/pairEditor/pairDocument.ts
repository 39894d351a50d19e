import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { readBackup } from '../../jsonl/node/backup';
import { type AppliedEdit, LinesDocument } from '../../jsonl/node/document';
import { type Edit, rowAfter } from '../../pairs/edits';
import { lineEdit, type PairEdit } from '../../pairs/pairEdits';
import { otherKindOf } from './otherKind';

/** Edits remembered to follow rows; a view lags behind by a few at most. */
const maxRemembered = 1000;

/** Typing settles before it is backed up again. */
const renewMs = 1000;

/** One step of VS Code's undo. */
interface Step {
  applied: AppliedEdit;
}

/**
 * The custom editor's document: a file of lines of any size with unsaved edits over it. VS Code owns the undo stack.
 */
export class PairDocument implements vscode.CustomDocument {
  private readonly edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<PairDocument>>();
  readonly onDidEdit = this.edited.event;
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;
  private readonly log: { readonly revision: number; readonly edit: Edit }[] = [];
  private queue: Promise<unknown> = Promise.resolve();
  /** The newest step of undo, while more may join it. */
  private step: Step | null = null;
  private backupFile: string | null = null;
  private renewing: NodeJS.Timeout | null = null;

  /** Settles when {@link otherKind} is that of the file as it was read last. */
  judged: Promise<void> = Promise.resolve();

  private constructor(
    readonly uri: vscode.Uri,
    readonly lines: LinesDocument,
    /** What the file is if it holds no JSON Lines at all, in a sentence; null where its rows are shown. */
    public otherKind: string | null,
  ) {
    lines.onDidChange((change) => {
      if (change.kind === 'saved' || change.kind === 'reverted') this.step = null;
      if (change.kind === 'reverted') this.judged = this.judge();
      if (change.kind === 'edited') this.log.push({ revision: lines.revision, edit: change.edit });
      if (this.log.length > maxRemembered) this.log.shift();
    });
  }

  /**
   * Opens a file, with the edits of a backup where there is one. The edits are in the document when this settles,
   * because VS Code asks for a new backup at once.
   *
   * @param backup what hot exit left; edits made on another content of the file are not applied
   * @param kept is handed edits that could not be applied
   */
  static async open(
    uri: vscode.Uri,
    backup: string | undefined,
    kept: (message: string, edits: readonly Edit[]) => void,
  ): Promise<PairDocument> {
    const lines = await LinesDocument.open(uri.fsPath);
    try {
      const restored =
        backup === undefined ? null : await lines.restore(await readBackup(vscode.Uri.parse(backup).fsPath));
      if (restored?.kind === 'base-changed') kept(restored.message, restored.edits);
      return new PairDocument(uri, lines, await kindOf(uri));
    } catch (error) {
      await lines.close();
      throw error;
    }
  }

  /**
   * Applies what a person did on the rows as they stood at `revision`; answers the row to show next, null where the row
   * that was meant is gone. Throws what {@link lineEdit} throws.
   *
   * @param joins undone together with the edit before it, unless that is saved or undone
   */
  apply(edit: PairEdit, revision: number, joins = false): Promise<number | null> {
    const result = this.queue.then(() => this.applyNow(edit, revision, joins));
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** Settles when everything a view has asked for is applied. */
  async settled(): Promise<void> {
    await this.queue;
  }

  /** Writes the unsaved edits where VS Code wants them; they are kept up to date there until {@link endBackup}. */
  async backup(file: string): Promise<void> {
    this.backupFile = file;
    await this.lines.backup(file);
  }

  endBackup(file: string): void {
    if (this.backupFile === file) this.backupFile = null;
  }

  dispose(): void {
    if (this.renewing) clearTimeout(this.renewing);
    this.disposed.fire();
    this.disposed.dispose();
    this.edited.dispose();
    void this.lines.close();
  }

  private async judge(): Promise<void> {
    this.otherKind = await kindOf(this.uri);
  }

  private async applyNow(asked: PairEdit, revision: number, joins: boolean): Promise<number | null> {
    if (this.otherKind !== null) throw new MarginError('not-json-lines', this.otherKind);
    const start = this.rowNow(asked.row, revision);
    const seen = this.lines.revision;
    const [line] = start === null ? [] : await this.lines.lines(start, 1);
    if (start === null) return null;
    // Reading takes a moment, in which an undo may move or change the row.
    if ((this.log.at(-1)?.revision ?? 0) > seen) return this.applyNow({ ...asked, row: start }, seen, joins);
    const { edit, row: next } = lineEdit({ ...asked, row: start }, line);
    if (edit.op === 'replace' && edit.line === edit.previous) return next;
    this.keep(edit, labelOf(asked), joins);
    return Math.max(0, Math.min(next, this.lines.rowCount - 1));
  }

  /** VS Code hears of a step when it begins; what joins it later replaces what it has done so far. */
  private keep(edit: Edit, label: string, joins: boolean): void {
    const { step } = this;
    const before = step?.applied.edit;
    if (joins && step && before?.op === 'replace' && edit.op === 'replace' && before.row === edit.row) {
      step.applied.undo();
      step.applied = this.lines.applyEdit({ ...edit, previous: before.previous });
      return this.renewBackup();
    }
    const begun: Step = { applied: this.lines.applyEdit(edit) };
    this.step = begun;
    const undo = (): void => {
      this.step = null;
      begun.applied.undo();
    };
    const redo = (): void => {
      this.step = null;
      begun.applied.redo();
    };
    this.edited.fire({ document: this, label, undo, redo });
  }

  /** A step that has grown is not news to VS Code, which then asks for no other backup. */
  private renewBackup(): void {
    this.renewing ??= setTimeout(() => {
      this.renewing = null;
      // A backup that cannot be written has been reported when VS Code asked for it.
      if (this.backupFile !== null) void this.lines.backup(this.backupFile).catch(() => undefined);
    }, renewMs);
  }

  /** Where a row of an earlier revision is now; null where it was deleted. */
  private rowNow(row: number, revision: number): number | null {
    let now: number | null = row;
    for (const entry of this.log) if (entry.revision > revision && now !== null) now = rowAfter(now, entry.edit);
    return now;
  }
}

async function kindOf(uri: vscode.Uri): Promise<string | null> {
  // A file that cannot be read any more says so where its rows are read.
  return otherKindOf(uri.fsPath, vscode.workspace.asRelativePath(uri)).catch(() => null);
}

function labelOf({ kind }: PairEdit): string {
  switch (kind) {
    case 'text':
    case 'raw':
      return 'Edit text';
    case 'swap':
      return 'Swap sides';
    case 'delete':
      return 'Delete row';
    case 'duplicate':
      return 'Duplicate row';
    case 'insert':
      return 'Insert row';
  }
}
