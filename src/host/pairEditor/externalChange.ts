import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { namesOf } from '../../jsonl/node/target';
import { CopyBeforeSave } from '../bulk/copyBeforeSave';
import type { Notices } from '../notices';
import { uriName } from '../uriName';
import { compareScheme } from './editedText';
import { mergedText, mergeText } from './mergeText';
import { offerLines } from './offerLines';
import type { DocumentWindows } from './otherWindows';
import type { PairDocument } from './pairDocument';
import { watchFile } from './watchFile';

/** Several events of one change are handled together. */
const settleMs = 200;

/**
 * Notices when another program writes the file of an open document. Appended rows join the document. After any other
 * change, a document without edits is read again. If it has edits, the person is asked, and a merge is offered if both
 * touch different rows. In that case, changes that another window of VS Code has saved are merged without a question.
 */
export class ExternalChange implements vscode.Disposable {
  private readonly watcher: vscode.Disposable;
  private timer: NodeJS.Timeout | null = null;
  private saving: Promise<void> = Promise.resolve();
  private asking = false;
  private overwrite = false;
  private linksTold = false;
  private readonly copies: CopyBeforeSave;

  constructor(
    private readonly document: PairDocument,
    private readonly notices: Notices,
    private readonly windows: Pick<DocumentWindows, 'areOpen'>,
  ) {
    this.copies = new CopyBeforeSave(document, notices);
    this.watcher = watchFile(document.uri, () => this.soon());
  }

  /**
   * Saves the document. Asks first if another program has changed the file, and says once if the file has other names.
   * Before changes of many rows, a copy of the file is kept.
   *
   * @throws CancellationError if the person declines
   */
  save(signal: AbortSignal): Promise<void> {
    return this.copies.around(() => this.write(signal));
  }

  private async write(signal: AbortSignal): Promise<void> {
    for (;;) {
      const { overwrite } = this;
      this.overwrite = false;
      const saving = this.document.lines.save({ signal, overwrite });
      // Events that this save causes are handled after it.
      this.saving = saving.catch(() => undefined);
      try {
        await saving;
        this.tellLinks().catch(this.notices.error);
        return;
      } catch (error) {
        if (!(error instanceof MarginError && error.code === 'changed-on-disk' && 'state' in error.details))
          throw error;
      }
      if (await this.mergedWithWindow()) continue;
      const answer = await this.ask(true, signal);
      if (answer === 'other') throw new vscode.CancellationError();
      if (answer === 'merge') await this.document.lines.merge('apply', signal);
      else this.overwrite = true;
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
    if (this.asking || (await this.mergedWithWindow())) return;
    const answer = await this.ask(false);
    if (answer === 'merge') return this.merge();
    if (answer !== 'mine') return;
    this.overwrite = true;
    await vscode.workspace.save(uri);
  }

  /**
   * Merges what another window has saved, if it touches other rows. The person sees both windows, so nobody is asked.
   *
   * @returns false if no other window has the file open, or both touch the same rows
   */
  private async mergedWithWindow(): Promise<boolean> {
    if (!(await this.windows.areOpen())) return false;
    const plan = await this.document.lines.merge('apply');
    if (plan.kind !== 'apart') return false;
    const name = vscode.workspace.asRelativePath(this.document.uri);
    this.notices.info(mergedText(name, plan, 'another window')).then(undefined, this.notices.error);
    return true;
  }

  /** Shows the rows of both sides; the person then saves them. */
  private async merge(): Promise<void> {
    const { uri, lines } = this.document;
    const plan = await lines.merge('apply');
    if (plan.kind === 'apart') await this.notices.info(mergedText(vscode.workspace.asRelativePath(uri), plan));
    // The file or the edits have changed since the question.
    else if (plan.kind !== 'none') await this.look();
  }

  /** Asks what to do. *Take Theirs* and *Compare* leave the file as it is, so they cancel a save that asked. */
  private async ask(modal: boolean, signal?: AbortSignal): Promise<'merge' | 'mine' | 'other'> {
    const { uri, lines } = this.document;
    const [merge, mine, theirs, compare] = ['Merge', 'Keep Mine', 'Take Theirs', 'Compare…'];
    this.asking = true;
    try {
      const name = vscode.workspace.asRelativePath(uri);
      const { message, detail, canMerge } = mergeText(name, await lines.merge('plan', signal), lines.saved.unit);
      const choices = [...(canMerge ? [merge] : []), mine, theirs, compare];
      const answer = await (modal
        ? this.notices.ask('warning', message, detail, ...choices)
        : this.notices.warn(message, ...choices));
      if (answer === merge) return 'merge';
      if (answer === mine) return 'mine';
      if (answer === theirs) await this.takeTheirs(name);
      if (answer === compare) await this.compare();
      return 'other';
    } finally {
      this.asking = false;
    }
  }

  /** Reverts, and offers the lines that are dropped. */
  private async takeTheirs(name: string): Promise<void> {
    const dropped = this.document.lines.saved.editedTexts();
    await vscode.commands.executeCommand('vscode.openWith', this.document.uri, 'margin.pairs');
    const revert = async (): Promise<void> => {
      // VS Code's own command, so that the undo stack and the dirty mark stay correct. It acts on the active editor.
      await vscode.commands.executeCommand('workbench.action.files.revert');
      const message = `${name} is as the other program wrote it. ${dropped.length} of your rows were dropped.`;
      if (dropped.length > 0) offerLines(this.notices, message, 'Show the Dropped Rows', dropped);
    };
    // A save that asked must end first.
    setTimeout(() => revert().catch(this.notices.error), 0);
  }

  private async tellLinks(): Promise<void> {
    if (this.linksTold) return;
    this.linksTold = true;
    const { uri } = this.document;
    const names = await namesOf(uri.fsPath);
    if (names < 2) return;
    const message = `${vscode.workspace.asRelativePath(uri)} has ${names} names (hard links). Margin wrote into the file itself, so all of them show your edits.`;
    await this.notices.info(message);
  }

  private async compare(): Promise<void> {
    const { uri } = this.document;
    const title = `${uriName(uri)}: on disk ↔ with your edits`;
    await vscode.commands.executeCommand('vscode.diff', uri, uri.with({ scheme: compareScheme, authority: '' }), title);
  }
}
