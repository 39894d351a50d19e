import * as vscode from 'vscode';
import { MarginError } from '../base/pure/marginError';
import { RowEdits } from '../editor/rowEdits';
import { MemoryDocument, parseMemoryBackup } from '../jsonl/memoryDocument';
import { MemoryFile } from '../jsonl/memoryFile';
import type { PairEdit } from '../pairs/pairEdits';
import { detectAll, type Reading } from '../pairs/reading';
import { BrowserFile } from './browserFile';

/** The document of the pair editor in the browser: a file in memory with unsaved edits. VS Code owns the undo stack. */
export class BrowserDocument implements vscode.CustomDocument {
  private readonly edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<BrowserDocument>>();
  readonly onDidEdit = this.edited.event;
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;
  /** How the rows are read. The editor sets it. */
  reading: Reading = detectAll;
  readonly edits: RowEdits;

  private constructor(
    readonly uri: vscode.Uri,
    private readonly file: BrowserFile<vscode.Uri>,
    readonly lines: MemoryDocument,
    /** Why the rows are not shown, and what to do, in a sentence; null if they are shown. */
    public otherKind: string | null,
  ) {
    this.edits = new RowEdits({
      lines,
      reading: () => this.reading,
      refuse: () => this.refuseOther(),
      begun: (step) => this.edited.fire({ document: this, ...step }),
      // VS Code asks for a new backup only after a new step. What joins a step is lost if the tab crashes now.
      joined: () => undefined,
    });
  }

  /**
   * Opens a file, with the edits of a backup if there is one.
   *
   * @param backup URI of what hot exit left; undefined if there is none
   * @param lost called if the file has changed since, so that the edits of the backup cannot be applied
   * @throws errors of {@link BrowserFile.read}; MarginError `bad-backup`
   */
  static async open(uri: vscode.Uri, backup: string | undefined, lost: () => void): Promise<BrowserDocument> {
    const name = vscode.workspace.asRelativePath(uri);
    const file = new BrowserFile(vscode.workspace.fs, uri, name);
    const { rows, otherKind } = await file.read();
    const lines = new MemoryDocument(rows ?? noRows(name));
    if (backup !== undefined && rows !== null) {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.parse(backup));
      if (!lines.restore(parseMemoryBackup(new TextDecoder().decode(bytes), name))) lost();
    }
    return new BrowserDocument(uri, file, lines, otherKind);
  }

  /** @returns the row to show next; null if the edited row is gone. @throws errors of {@link RowEdits.apply} */
  apply(edit: PairEdit, revision: number, joins = false): Promise<number | null> {
    return this.edits.apply(edit, revision, joins);
  }

  /**
   * Saves the edits.
   *
   * @param mayOverwrite asked if another program has changed the file
   * @throws CancellationError if it may not; errors of {@link MemoryDocument.save} and {@link BrowserFile.write}
   */
  async save(mayOverwrite: () => Promise<boolean>): Promise<void> {
    await this.edits.settled();
    this.refuseOther();
    if ((await this.file.hasChanged()) && !(await mayOverwrite())) throw new vscode.CancellationError();
    await this.edits.whileSaving(() => this.lines.save((bytes) => this.file.write(bytes)));
  }

  /** The bytes that a save would write. */
  async content(): Promise<Uint8Array> {
    await this.edits.settled();
    this.refuseOther();
    return (await this.lines.edited()).all;
  }

  /** Discards the edits and reads the file again. */
  async revert(): Promise<void> {
    await this.edits.settled();
    const { rows, otherKind } = await this.file.read();
    this.otherKind = otherKind;
    this.lines.revert(rows ?? noRows(this.file.name));
  }

  /** Reads the file again if another program has changed it, and there are no edits. */
  async follow(): Promise<void> {
    if (!this.lines.isDirty && (await this.file.hasChanged()) && !this.lines.isDirty) await this.revert();
  }

  dispose(): void {
    this.disposed.fire();
    this.disposed.dispose();
    this.edited.dispose();
  }

  private refuseOther(): void {
    if (this.otherKind !== null) throw new MarginError('not-json-lines', this.otherKind);
  }
}

/** In place of a file whose rows are not shown. */
function noRows(name: string): MemoryFile {
  return MemoryFile.of(new Uint8Array(0), name);
}
