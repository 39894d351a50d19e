import { basename } from 'node:path';
import * as vscode from 'vscode';
import { errorCode, errorMessage } from '../../base/pure/marginError';
import { keepCopy } from '../../jsonl/node/keepCopy';
import type { Notices } from '../notices';
import type { PairDocument } from '../pairEditor/pairDocument';

/**
 * Keeps a copy of a file before changes of many rows are saved over it, unless git has its content: `pairs.jsonl` is
 * copied to `pairs.before-bulk.jsonl`, and never over another file.
 */
export class CopyBeforeSave {
  /** The copy of a save that failed. The next try needs no other one. */
  private kept: string | null = null;

  constructor(
    private readonly document: PairDocument,
    private readonly notices: Notices,
  ) {}

  /** @throws CancellationError if no copy can be made and the person does not want to save without it */
  async around(save: () => Promise<void>): Promise<void> {
    const { bulk, uri } = this.document;
    const steps = bulk.unsaved;
    if (steps.length > 0) this.kept ??= await this.copy();
    await save();
    bulk.saved(steps);
    const { kept } = this;
    this.kept = null;
    if (kept === null) return;
    const name = vscode.workspace.asRelativePath(uri);
    const message = `Many rows of ${name} were changed. The file as it was before is kept as ${basename(kept)}.`;
    this.notices.info(message).then(undefined, this.notices.error);
  }

  private async copy(): Promise<string | null> {
    const { uri } = this.document;
    try {
      return await keepCopy(uri.fsPath, 'before-bulk', vscode.workspace.isTrusted);
    } catch (error) {
      // A file that was deleted has nothing to copy: the save creates it again.
      if (errorCode(error) === 'missing') return null;
      const [question, save] = [
        `No copy of ${vscode.workspace.asRelativePath(uri)} can be kept.`,
        'Save Without a Copy',
      ];
      const detail = `${errorMessage(error)}\nMany rows were changed since the last save.`;
      if ((await this.notices.ask('warning', question, detail, save)) !== save) throw new vscode.CancellationError();
      return null;
    }
  }
}
