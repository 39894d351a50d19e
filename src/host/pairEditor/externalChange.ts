import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import type { Notices } from '../notices';
import type { PairDocument } from './pairDocument';
import { compareScheme } from './editedText';

/** Several events of one change come together. */
const settleMs = 200;

/**
 * Notices that another program wrote the file of an open document. Rows that were appended join the document; of other
 * changes, a clean document takes the file as it is, and one with edits asks.
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
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replaceAll(/[[\]{}*?]/g, '?');
    this.watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), name),
    );
    this.watcher.onDidChange(() => this.soon());
    this.watcher.onDidCreate(() => this.soon());
  }

  /**
   * Saves; where the file is not the one that was opened, asks first. Throws CancellationError where the person says
   * no.
   */
  async save(signal: AbortSignal): Promise<void> {
    const { overwrite } = this;
    this.overwrite = false;
    await this.document.settled();
    const saving = this.document.lines.save({ signal, overwrite });
    // The watcher's events of this very save are judged after it.
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
    this.timer = setTimeout(() => void this.look().catch(this.notices.error), settleMs);
  }

  private async look(): Promise<void> {
    const { lines, uri } = this.document;
    await this.saving;
    // A file that could not be read to its end may be readable now.
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

  /** Comparing or reverting leaves the file as it is, so a save that asked is cancelled by them. */
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

  /** VS Code's own command, so that its undo stack and dirty mark follow; it acts on the active editor. */
  private async revert(): Promise<void> {
    await vscode.commands.executeCommand('vscode.openWith', this.document.uri, 'margin.pairs');
    // Inside a save the save must end first.
    setTimeout(() => void vscode.commands.executeCommand('workbench.action.files.revert'), 0);
  }

  private async compare(): Promise<void> {
    const { uri } = this.document;
    const title = `${uri.path.slice(uri.path.lastIndexOf('/') + 1)}: on disk ↔ with your edits`;
    await vscode.commands.executeCommand('vscode.diff', uri, uri.with({ scheme: compareScheme, authority: '' }), title);
  }
}
