import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { readBackup } from '../../jsonl/node/backup';
import type { IndexStore } from '../../jsonl/node/indexStore';
import { LinesDocument } from '../../jsonl/node/document';
import type { Edit } from '../../pairs/edits';
import { detectAll, type Reading } from '../../pairs/reading';
import type { PairEdit } from '../../pairs/pairEdits';
import { BulkSteps } from '../bulk/bulkSteps';
import { takeStep } from './undoStep';
import { applyTogether, type TogetherOptions } from './editsTogether';
import { DecodedCopy } from './decodedCopy';
import { RowEdits } from '../../editor/rowEdits';
import { type FileKind, fileKindOf } from './node/otherKind';
import type { PairViewServices } from './pairViewServices';

/** Pace of backups while the person types. */
const renewMs = 1000;

/** The document of the pair editor: a file of lines of any size, with unsaved edits. VS Code owns the undo stack. */
export class PairDocument implements vscode.CustomDocument {
  private readonly edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<PairDocument>>();
  readonly onDidEdit = this.edited.event;
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;
  /** Changes of many rows that are not saved. */
  readonly bulk = new BulkSteps();
  private readonly edits: RowEdits;
  private backupFile: string | null = null;
  private renewing: NodeJS.Timeout | null = null;

  /** How the rows are read. The provider sets it. */
  reading: Reading = detectAll;

  /** Settles when {@link otherKind} is that of the current file. */
  kindKnown: Promise<void> = Promise.resolve();

  private constructor(
    readonly uri: vscode.Uri,
    readonly lines: LinesDocument,
    /** What the file is if it is not JSON Lines, in a sentence; null if its rows are shown. */
    public otherKind: string | null,
    /** The copy that holds the rows of a file that is not edited; null for a file that is. */
    readonly copy: DecodedCopy | null,
  ) {
    this.edits = new RowEdits({
      lines,
      reading: () => this.reading,
      refuse: () => this.refuseReadOnly(),
      begun: (step) => this.edited.fire({ document: this, ...step }),
      joined: () => this.renewBackup(),
    });
    lines.onDidChange(({ kind }) => {
      if (kind === 'reverted') this.kindKnown = this.readKind();
      if (kind === 'reverted' && !lines.isDirty) this.bulk.clear();
    });
  }

  /** What the number of a row counts. */
  get unit(): 'line' | 'row' {
    return this.copy?.isParquet ? 'row' : this.lines.saved.unit;
  }

  /**
   * Opens a file, with the edits of a backup if there is one. The edits are in the document when the promise settles,
   * because VS Code asks for a new backup at once.
   *
   * @param backup URI of what hot exit left; undefined if there is none
   * @param kept called with the edits of the backup if the file has changed since, so that they cannot be applied
   */
  static async open(
    uri: vscode.Uri,
    backup: string | undefined,
    { indexes, indexThreads, decoded }: Pick<PairViewServices, 'indexes' | 'indexThreads' | 'decoded'>,
    kept: (message: string, edits: readonly Edit[]) => void,
  ): Promise<PairDocument> {
    const { otherKind, readOnlyKind } = await kindOf(uri);
    const copy = readOnlyKind === null ? null : await DecodedCopy.open(uri, readOnlyKind, decoded);
    const file = copy?.file ?? uri.fsPath;
    const known = await indexes.load(file);
    const options = { threads: indexThreads, ...copy?.options, ...(known && { known }) };
    const lines = await LinesDocument.open(file, options);
    try {
      const restored =
        backup === undefined ? null : await lines.restore(await readBackup(vscode.Uri.parse(backup).fsPath));
      if (restored?.kind === 'base-changed') kept(restored.message, restored.edits);
      keepIndex(lines, indexes);
      const document = new PairDocument(uri, lines, otherKind, copy);
      if (restored?.kind === 'restored') document.bulk.restored(restored.edits);
      return document;
    } catch (error) {
      await lines.close();
      throw error;
    }
  }

  /**
   * Applies an edit that the person made when the rows were at `revision`.
   *
   * @param joins whether one undo takes back this edit and the one before it, unless that one is saved or undone
   * @returns the row to show next; null if the edited row is gone
   * @throws errors of `lineEdit`
   */
  apply(edit: PairEdit, revision: number, joins = false): Promise<number | null> {
    return this.edits.apply(edit, revision, joins);
  }

  /**
   * Applies edits of many rows as one undo step.
   *
   * @param revision the one at which the edits were planned
   * @returns false if the rows have changed since: nothing was done then
   * @throws the signal's reason when aborted: nothing was done then
   */
  applyTogether(edits: readonly Edit[], label: string, revision: number, how?: TogetherOptions): Promise<boolean> {
    return this.edits.inTurn(async () => {
      this.refuseReadOnly();
      if (this.lines.revision !== revision) return false;
      this.edits.endStep();
      const applied = await applyTogether(this.lines, edits, how);
      if (applied === null) return false;
      const step = this.bulk.follow(applied, edits);
      this.edits.begin({ undo: () => takeStep('undo', label, step), redo: () => takeStep('redo', label, step) }, label);
      return true;
    });
  }

  /** Settles when all edits so far are applied. */
  settled(): Promise<void> {
    return this.edits.settled();
  }

  /** See {@link RowEdits.whileSaving}. */
  whileSaving(save: () => Promise<void>): Promise<void> {
    return this.edits.whileSaving(save);
  }

  /** Writes the unsaved edits to a file, and keeps it up to date until {@link endBackup}. */
  async backup(file: string): Promise<void> {
    // A change of many rows may be half done.
    await this.settled();
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
    // Closing fails only if the file is closed already. A copy that is not removed now is removed later.
    this.copy?.stop();
    this.lines
      .close()
      .then(() => this.copy?.release())
      .catch(() => undefined);
  }

  private async readKind(): Promise<void> {
    const { otherKind, readOnlyKind } = await kindOf(this.uri);
    const replaced = this.copy === null && readOnlyKind !== null;
    const name = vscode.workspace.asRelativePath(this.uri);
    this.otherKind = replaced ? `${name} is ${readOnlyKind.name} now: close it and open it again.` : otherKind;
  }

  private refuseReadOnly(): void {
    if (this.otherKind !== null) throw new MarginError('not-json-lines', this.otherKind);
    if (this.copy !== null) throw new MarginError('read-only', this.copy.state.reason);
  }

  /** VS Code does not know that a step has grown, and asks for no backup of it. */
  private renewBackup(): void {
    this.renewing ??= setTimeout(() => {
      this.renewing = null;
      // VS Code reported the error of a backup that cannot be written when it asked for the first one.
      if (this.backupFile !== null) this.lines.backup(this.backupFile).catch(() => undefined);
    }, renewMs);
  }
}

/** Keeps the index of a document for the next time, now and after each save. */
function keepIndex(lines: LinesDocument, indexes: IndexStore): void {
  const keep = (): void => {
    // The editor shows why a file cannot be read to its end.
    lines.whenIndexed().then(
      () => indexes.keep(lines.file),
      () => undefined,
    );
  };
  keep();
  lines.onDidChange(({ kind }) => kind === 'saved' && keep());
}

async function kindOf(uri: vscode.Uri): Promise<FileKind> {
  // An unreadable file is reported where its rows are read.
  return fileKindOf(uri.fsPath, vscode.workspace.asRelativePath(uri)).catch(() => ({
    otherKind: null,
    readOnlyKind: null,
  }));
}
