import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import type { AppliedEdit } from '../../jsonl/documentChange';
import { readBackup } from '../../jsonl/node/backup';
import type { IndexStore } from '../../jsonl/node/indexStore';
import { LinesDocument } from '../../jsonl/node/document';
import { type Edit, rowAfter } from '../../pairs/edits';
import { detectAll, type Reading } from '../../pairs/reading';
import { lineEdit, type PairEdit } from '../../pairs/pairEdits';
import { BulkSteps } from '../bulk/bulkSteps';
import { takeStep } from './undoStep';
import { applyTogether, type Together, type TogetherOptions } from './editsTogether';
import { DecodedCopy } from './decodedCopy';
import { editLabel } from '../../editor/editLabel';
import { type FileKind, fileKindOf } from './node/otherKind';
import type { PairViewServices } from './pairViewServices';

/** The most edits that are kept to follow rows. A view is at most a few edits behind. */
const maxRemembered = 1000;

/** Pace of backups while the person types. */
const renewMs = 1000;

/** One step of VS Code's undo stack. */
interface Step {
  applied: AppliedEdit;
}

/** The document of the pair editor: a file of lines of any size, with unsaved edits. VS Code owns the undo stack. */
export class PairDocument implements vscode.CustomDocument {
  private readonly edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<PairDocument>>();
  readonly onDidEdit = this.edited.event;
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;
  /** How each revision moved rows; null for a row that is gone. */
  private readonly log: { readonly revision: number; readonly rowAfter: (row: number) => number | null }[] = [];
  private queue: Promise<unknown> = Promise.resolve();
  /** Changes of many rows that are not saved. */
  readonly bulk = new BulkSteps();
  /** The newest undo step, while later edits may join it. */
  private step: Step | null = null;
  /** The number of running saves, and the edits made during them, which VS Code does not know yet. */
  private saves = 0;
  private held: vscode.CustomDocumentEditEvent<PairDocument>[] = [];
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
    lines.onDidChange((change) => {
      if (change.kind === 'saved' || change.kind === 'reverted') this.step = null;
      if (change.kind === 'reverted') this.kindKnown = this.readKind();
      if (change.kind === 'reverted' && !lines.isDirty) this.bulk.clear();
      const { revision } = lines;
      if (change.kind === 'edited') this.log.push({ revision, rowAfter: (row) => rowAfter(row, change.edit) });
      if (change.kind === 'reverted' && change.rowAfter) this.log.push({ revision, rowAfter: change.rowAfter });
      if (this.log.length > maxRemembered) this.log.shift();
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
   * @throws errors of {@link lineEdit}
   */
  apply(edit: PairEdit, revision: number, joins = false): Promise<number | null> {
    return this.inTurn(() => this.applyNow(edit, revision, joins));
  }

  /**
   * Applies edits of many rows as one undo step.
   *
   * @param revision the one at which the edits were planned
   * @returns false if the rows have changed since: nothing was done then
   * @throws the signal's reason when aborted: nothing was done then
   */
  applyTogether(edits: readonly Edit[], label: string, revision: number, how?: TogetherOptions): Promise<boolean> {
    return this.inTurn(async () => {
      this.refuseReadOnly();
      if (this.lines.revision !== revision) return false;
      this.step = null;
      const applied = await applyTogether(this.lines, edits, how);
      if (applied === null) return false;
      this.begin({ applied: this.bulk.follow(applied, edits) }, label);
      return true;
    });
  }

  /** Settles when all edits so far are applied. */
  async settled(): Promise<void> {
    await this.queue;
  }

  /**
   * Runs a save. When a save ends, VS Code counts every edit that it knows as saved. So it learns of edits made during
   * a save only after the save. Otherwise it would close the document without asking, and they would be lost.
   */
  async whileSaving(save: () => Promise<void>): Promise<void> {
    this.saves++;
    try {
      await save();
    } finally {
      // A timer, so that VS Code gets the answer of the save first.
      setTimeout(() => {
        this.saves--;
        if (this.saves === 0) for (const edit of this.held.splice(0)) this.edited.fire(edit);
      }, 0);
    }
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

  /** Runs a task after those before it. A failed task does not stop the next one; its caller gets the error. */
  private inTurn<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.queue.then(task);
    this.queue = result.catch(() => undefined);
    return result;
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

  private async applyNow(asked: PairEdit, revision: number, joins: boolean): Promise<number | null> {
    this.refuseReadOnly();
    const start = this.rowNow(asked.row, revision);
    const seen = this.lines.revision;
    const [line] = start === null ? [] : await this.lines.lines(start, 1);
    if (start === null) return null;
    // While the row was read, an undo may have moved or changed it.
    const newest = this.log.at(-1);
    if (newest !== undefined && newest.revision > seen) return this.applyNow({ ...asked, row: start }, seen, joins);
    // The first row has no row above it, and the last one none below.
    if (asked.kind === 'move' && (start + asked.by < 0 || start + asked.by >= this.lines.rowCount)) return start;
    const { edit, row: next } = lineEdit({ ...asked, row: start }, line, this.reading);
    if (edit.op === 'replace' && edit.line === edit.previous) return next;
    this.keep(edit, editLabel(asked), joins);
    return Math.max(0, Math.min(next, this.lines.rowCount - 1));
  }

  /** Starts an undo step and tells VS Code about it, or replaces the edit of the step that this one joins. */
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
    this.begin(begun, label);
  }

  private begin(begun: { readonly applied: AppliedEdit | Together }, label: string): void {
    // In turn, because an edit that is still being applied may join this step and must be undone with it.
    const undo = (): Promise<void> =>
      this.inTurn(() => {
        this.step = null;
        return takeStep('undo', label, begun.applied);
      });
    const redo = (): Promise<void> =>
      this.inTurn(() => {
        this.step = null;
        return takeStep('redo', label, begun.applied);
      });
    const event = { document: this, label, undo, redo };
    if (this.saves > 0) this.held.push(event);
    else this.edited.fire(event);
  }

  /** VS Code does not know that a step has grown, and asks for no backup of it. */
  private renewBackup(): void {
    this.renewing ??= setTimeout(() => {
      this.renewing = null;
      // VS Code reported the error of a backup that cannot be written when it asked for the first one.
      if (this.backupFile !== null) this.lines.backup(this.backupFile).catch(() => undefined);
    }, renewMs);
  }

  /** The current number of a row of an earlier revision; null if it was deleted. */
  private rowNow(row: number, revision: number): number | null {
    let now: number | null = row;
    for (const entry of this.log) if (entry.revision > revision && now !== null) now = entry.rowAfter(now);
    return now;
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
