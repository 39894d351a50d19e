import * as vscode from 'vscode';
import { MarginError } from '../base/pure/marginError';
import { RowEdits } from '../editor/rowEdits';
import { MemoryDocument, parseMemoryBackup } from '../jsonl/memoryDocument';
import { MemoryFile } from '../jsonl/memoryFile';
import type { PairEdit } from '../pairs/pairEdits';
import { detectAll, type Reading } from '../pairs/reading';
import { BrowserFile, type FileState } from './browserFile';

/** Pace of backups while the person types. */
const renewMs = 1000;

/** The document of the pair editor in the browser: a file in memory with unsaved edits. VS Code owns the undo stack. */
export class BrowserDocument implements vscode.CustomDocument {
  private readonly edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<BrowserDocument>>();
  readonly onDidEdit = this.edited.event;
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;
  /** How the rows are read. The editor sets it. */
  reading: Reading = detectAll;
  readonly edits: RowEdits;
  /** What another program has done to the file, and what to do, in a sentence; null if it is as it was read. */
  notice: string | null = null;
  private backupFile: vscode.Uri | null = null;
  private renewing: ReturnType<typeof setTimeout> | null = null;

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
      refuse: () => this.refuseEdits(),
      begun: (step) => this.edited.fire({ document: this, ...step }),
      joined: () => this.renewBackup(),
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
    const { fs } = vscode.workspace;
    const file = new BrowserFile(fs, uri, name, fs.isWritableFileSystem(uri.scheme));
    const { rows, otherKind } = await file.read();
    const lines = new MemoryDocument(rows ?? noRows(name));
    if (backup !== undefined && rows !== null) {
      const bytes = await fs.readFile(vscode.Uri.parse(backup));
      if (!lines.restore(parseMemoryBackup(new TextDecoder().decode(bytes), name))) lost();
    }
    return new BrowserDocument(uri, file, lines, otherKind);
  }

  /** Why the rows are not edited, and what to do, in a sentence; null if they are edited. */
  get readOnly(): string | null {
    return this.file.readOnly;
  }

  /** @returns the row to show next; null if the edited row is gone. @throws errors of {@link RowEdits.apply} */
  apply(edit: PairEdit, revision: number, joins = false): Promise<number | null> {
    return this.edits.apply(edit, revision, joins);
  }

  /**
   * Saves the edits. A file that was deleted is written again.
   *
   * @param mayOverwrite asked if another program has changed the file
   * @throws CancellationError if it may not; errors of {@link MemoryDocument.save} and {@link BrowserFile.write}
   */
  async save(mayOverwrite: () => Promise<boolean>): Promise<void> {
    await this.edits.settled();
    this.refuseOther();
    if ((await this.file.state()) === 'changed' && !(await mayOverwrite())) throw new vscode.CancellationError();
    await this.edits.whileSaving(() => this.lines.save((bytes) => this.file.write(bytes)));
    this.notice = null;
  }

  /** Writes the file with its edits under another name. @throws errors of {@link BrowserFile.write} */
  async saveAs(target: vscode.Uri): Promise<void> {
    await this.edits.settled();
    this.refuseOther();
    const { all } = await this.lines.edited();
    await new BrowserFile(vscode.workspace.fs, target, vscode.workspace.asRelativePath(target)).write(all);
  }

  /** Discards the edits and reads the file again. */
  async revert(): Promise<void> {
    await this.edits.settled();
    const { rows, otherKind } = await this.file.read();
    this.otherKind = otherKind;
    this.notice = null;
    this.lines.revert(rows ?? noRows(this.file.name));
  }

  /** Looks what another program has done. Reads the file again if it has changed, and there are no edits. */
  async follow(): Promise<void> {
    const state = await this.file.state();
    if (state === 'changed' && !this.lines.isDirty) return this.revert();
    this.notice = noticeOf(state, this.file.name);
  }

  /** Writes the unsaved edits to a file, and keeps it up to date until {@link endBackup}. */
  async backup(file: vscode.Uri): Promise<void> {
    await this.edits.settled();
    this.backupFile = file;
    const text = JSON.stringify(this.lines.backup());
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  }

  endBackup(file: vscode.Uri): void {
    if (this.backupFile === file) this.backupFile = null;
  }

  dispose(): void {
    if (this.renewing) clearTimeout(this.renewing);
    this.disposed.fire();
    this.disposed.dispose();
    this.edited.dispose();
  }

  /** VS Code does not know that a step has grown, and asks for no backup of it. */
  private renewBackup(): void {
    this.renewing ??= setTimeout(() => {
      this.renewing = null;
      // VS Code reported the error of a backup that cannot be written when it asked for the first one.
      if (this.backupFile !== null) this.backup(this.backupFile).catch(() => undefined);
    }, renewMs);
  }

  private refuseEdits(): void {
    this.refuseOther();
    const { readOnly } = this;
    if (readOnly !== null) throw new MarginError('read-only', readOnly);
  }

  private refuseOther(): void {
    if (this.otherKind !== null) throw new MarginError('not-json-lines', this.otherKind);
  }
}

function noticeOf(state: FileState, name: string): string | null {
  switch (state) {
    case 'same':
      return null;
    case 'changed':
      return `Another program has changed ${name}. A save asks before it overwrites that; File > Revert File shows it.`;
    case 'gone':
      return `${name} was deleted or moved. These are its rows as they were: File > Save As… writes them to a file again.`;
  }
}

/** In place of a file whose rows are not shown. */
function noRows(name: string): MemoryFile {
  return MemoryFile.of(new Uint8Array(0), name);
}
