import * as vscode from 'vscode';
import { FilePresence, type OtherWindows } from '../../jsonl/node/windows/filePresence';
import { logError, type Notices } from '../notices';
import type { PairDocument } from './pairDocument';

const alone: OtherWindows = { open: 0, dirty: 0 };
/** While others are open, this looks again: nothing tells that a window was killed or has reloaded. */
const againMs = 5000;

/**
 * Tells other windows of VS Code that a file is open here and whether it has unsaved edits, and knows the same of them.
 * It is a courtesy: if the storage folder cannot be used, the log says so, and the file is edited as without it.
 */
export class DocumentWindows implements vscode.Disposable {
  private presence: FilePresence | null = null;
  private watcher: vscode.Disposable | null = null;
  private known = alone;
  private said: boolean | null = null;
  private again: NodeJS.Timeout | null = null;
  private disposed = false;
  private readonly changed = new vscode.EventEmitter<void>();
  /** Fires when another window has opened, edited, saved or closed the file. */
  readonly onDidChange = this.changed.event;
  private readonly stop: () => void;

  /** @param folder the folder that all windows share */
  constructor(
    private readonly document: PairDocument,
    private readonly folder: string,
    private readonly notices: Notices,
  ) {
    this.stop = document.lines.onDidChange(() => this.say());
    this.join().catch(this.failed);
  }

  get others(): OtherWindows {
    return this.known;
  }

  /** Whether another window has the file open now. */
  async areOpen(): Promise<boolean> {
    await this.look().catch(this.failed);
    return this.known.open > 0;
  }

  dispose(): void {
    this.disposed = true;
    this.stop();
    if (this.again) clearTimeout(this.again);
    this.watcher?.dispose();
    this.presence?.leave().catch(this.failed);
    this.changed.dispose();
  }

  private async join(): Promise<void> {
    const presence = await FilePresence.open(this.folder, this.document.uri.fsPath);
    if (this.disposed) return;
    this.presence = presence;
    const pattern = new vscode.RelativePattern(vscode.Uri.file(this.folder), `${presence.key}*.json`);
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const look = (): void => void this.look().catch(this.failed);
    this.watcher = vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(look),
      watcher.onDidChange(look),
      watcher.onDidDelete(look),
    );
    this.say();
    await this.look();
  }

  private say(): void {
    const { isDirty } = this.document.lines;
    if (this.presence === null || isDirty === this.said) return;
    this.said = isDirty;
    try {
      this.presence.say(isDirty);
    } catch (error) {
      this.failed(error);
    }
  }

  private async look(): Promise<void> {
    if (this.presence === null || this.disposed) return;
    const { open, dirty } = await this.presence.others();
    if (this.again) clearTimeout(this.again);
    this.again = open > 0 && !this.disposed ? setTimeout(() => this.look().catch(this.failed), againMs) : null;
    if (this.disposed || (open === this.known.open && dirty === this.known.dirty)) return;
    this.known = { open, dirty };
    this.changed.fire();
  }

  private readonly failed = (error: unknown): void => logError(this.notices.log, error);
}
