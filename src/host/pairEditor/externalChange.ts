import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import type { Notices } from '../notices';
import { uriName } from '../uriName';
import type { PairDocument } from './pairDocument';
import { compareScheme } from './editedText';

/** Several events of one change are handled together. */
const settleMs = 200;

/**
 * Notices when another program writes the file of an open document. Appended rows join the document. After any other
 * change, a document without edits is read again. If it has edits, the person is asked.
 */
export class ExternalChange implements vscode.Disposable {
  private readonly watcher: vscode.FileSystemWatcher;
  private timer: NodeJS.Timeout | null = null;
  private saving: Promise<void> = Promise.resolve();
  private asking = false;
  private overwrite = false;

  constructor(
    private readonly document: PairDocument,
    private readonly notices: Notices,
  ) {
    const { uri } = document;
    // In a glob, `?` stands for any one character.
    const name = uriName(uri).replaceAll(/[[\]{}*?]/g, '?');
    this.watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), name),
    );
    this.watcher.onDidChange(() => this.soon());
    this.watcher.onDidCreate(() => this.soon());
  }

  /**
   * Saves the document. Asks first if another program has changed the file.
   *
   * @throws CancellationError if the person declines
   */
  async save(signal: AbortSignal): Promise<void> {
    const { overwrite } = this;
    this.overwrite = false;
    const saving = this.document.lines.save({ signal, overwrite });
    // Events that this save causes are handled after it.
    this.saving = saving.catch(() => undefined);
    try {
      await saving;
    } catch (error) {
      if (!(error instanceof MarginError && error.code === 'changed-on-disk' && 'state' in error.details)) throw error;
      if ((await this.ask(error.message, true)) !== 'overwrite') throw new vscode.CancellationError();
      await this.document.lines.save({ signal, overwrite: true });
    }
  }

  dispose(): void {
    this.watcher.dispose();
    if (this.timer) clearTimeout(this.timer);
  }

  private soon(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look().catch(this.notices.error), settleMs);
  }

  private async look(): Promise<void> {
    const { lines, uri } = this.document;
    await this.saving;
    // A file that could not be read to its end may have become readable.
    const state = await lines.whenIndexed().then(
      () => lines.follow(),
      () => 'changed',
    );
    if (state !== 'changed') return;
    if (!lines.isDirty) return lines.revert();
    if (this.asking) return;
    const message = `${vscode.workspace.asRelativePath(uri)} was changed by another program, and you have unsaved edits.`;
    if ((await this.ask(message, false)) !== 'overwrite') return;
    this.overwrite = true;
    await vscode.workspace.save(uri);
  }

  /** Asks what to do. *Compare* and *Revert* leave the file as it is, so they cancel a save that asked. */
  private async ask(message: string, modal: boolean): Promise<'overwrite' | 'other'> {
    const [overwrite, revert, compare] = ['Overwrite', 'Revert', 'Compare…'];
    this.asking = true;
    const answer = await (modal
      ? this.notices.ask('warning', message, '', overwrite, revert, compare)
      : this.notices.warn(message, overwrite, revert, compare));
    this.asking = false;
    if (answer === overwrite) return 'overwrite';
    if (answer === revert) await this.revert();
    if (answer === compare) await this.compare();
    return 'other';
  }

  /**
   * Uses VS Code's own command, so that the undo stack and the dirty mark stay correct. It acts on the active editor.
   */
  private async revert(): Promise<void> {
    await vscode.commands.executeCommand('vscode.openWith', this.document.uri, 'margin.pairs');
    // A save that asked must end first.
    setTimeout(
      () => vscode.commands.executeCommand('workbench.action.files.revert').then(undefined, this.notices.error),
      0,
    );
  }

  private async compare(): Promise<void> {
    const { uri } = this.document;
    const title = `${uriName(uri)}: on disk ↔ with your edits`;
    await vscode.commands.executeCommand('vscode.diff', uri, uri.with({ scheme: compareScheme, authority: '' }), title);
  }
}
