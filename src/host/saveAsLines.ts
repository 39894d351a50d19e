import { join, dirname } from 'node:path';
import * as vscode from 'vscode';
import { inThread } from '../base/node/inThread';
import { MarginError } from '../base/pure/marginError';
import type { SaveTask } from '../jsonl/node/decode/decodeThread';
import type { SavedLines } from '../jsonl/node/decode/saveLines';
import { isSameFile } from '../jsonl/node/target';
import { stemOf } from './datasets/mayHold';
import type { Notices } from './notices';
import { uriName } from './uriName';

const saveLabel = 'Save as JSON Lines…';
/** MB of values that the thread may hold. */
const maxMemory = 1024;

/** Writes the rows of any file as JSON Lines, in a thread, with progress and *Cancel*. */
export class LinesSaver {
  /** @param script the bundle of `decodeThread.ts` */
  constructor(
    private readonly script: string,
    private readonly notices: Notices,
  ) {}

  /** Asks for a name and saves. @returns the new file; null if the person closed the dialog */
  async ask(source: vscode.Uri): Promise<vscode.Uri | null> {
    const { fsPath } = source;
    const beside = join(dirname(fsPath), `${stemOf(fsPath)}.jsonl`);
    // A file in UTF-16 may have that name itself.
    const suggested = beside === fsPath ? beside.replace(/\.jsonl$/, '-utf8.jsonl') : beside;
    const target = await vscode.window.showSaveDialog({
      title: `Save ${uriName(source)} as JSON Lines`,
      defaultUri: vscode.Uri.file(suggested),
      filters: { 'JSON Lines': ['jsonl'] },
    });
    if (!target) return null;
    await this.save(source, target);
    return target;
  }

  /** VS Code's *Save As…*, whose dialog suggests the name of the source. @throws MarginError as {@link save} */
  async saveAs(source: vscode.Uri, target: vscode.Uri): Promise<void> {
    if (!/\.(?:jsonl|ndjson)$/i.test(target.path)) {
      const message = `Margin does not write ${uriName(target)}: choose a name that ends in .jsonl, for JSON Lines.`;
      throw new MarginError('read-only', message, { file: target.fsPath });
    }
    await this.save(source, target);
  }

  /** Says why a file is not edited, and offers to save it. */
  async offer(source: vscode.Uri, reason: string): Promise<void> {
    const answer = await this.notices.info(`${reason} To edit its rows, save them as JSON Lines.`, saveLabel);
    if (answer === saveLabel) await vscode.commands.executeCommand('margin.saveAsLines', source);
  }

  /** @throws MarginError `is-input`, those of reading and writing; CancellationError */
  private async save(source: vscode.Uri, target: vscode.Uri): Promise<void> {
    const [file, out] = [source.fsPath, target.fsPath];
    if (await isSameFile(file, out))
      throw new MarginError('is-input', `${out} is the file to save. Name another file to write.`, { file: out });
    const { rows, leftOut, firstLeftOut } = await this.notices.progress(`Saving ${uriName(target)}`, (report, token) =>
      this.run({ kind: 'save', source: file, target: out }, token, (written) =>
        report(`${written.toLocaleString(vscode.env.language)} rows written`, 0),
      ),
    );
    this.notices.log.info(`Saved as JSON Lines: ${out}, ${rows} rows`);
    if (firstLeftOut === null) return;
    const message = `${leftOut} rows of ${uriName(source)} cannot be read and are left out; the first is at line ${firstLeftOut}.`;
    this.notices.warn(message).then(undefined, this.notices.error);
  }

  private async run(
    task: SaveTask,
    token: vscode.CancellationToken,
    onProgress: (rows: number) => void,
  ): Promise<SavedLines> {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort(new vscode.CancellationError()));
    return inThread<SaveTask, number, SavedLines>(task, {
      script: this.script,
      maxMemory,
      signal: controller.signal,
      onProgress,
      outOfMemory: () => {
        const message = `Reading ${task.source} takes more than ${maxMemory} MB of memory: it is damaged, or its rows are too large.`;
        return new MarginError('out-of-memory', message, { file: task.source });
      },
    });
  }
}
