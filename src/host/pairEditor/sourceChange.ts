import type * as vscode from 'vscode';
import type { Notices } from '../notices';
import { uriName } from '../uriName';
import type { DecodedCopy } from './decodedCopy';
import type { PairDocument } from './pairDocument';
import { watchFile } from './watchFile';

/** Several events of one change are handled together. */
const settleMs = 500;

/** Decodes a read-only file again when another program has changed it. */
export class SourceChange implements vscode.Disposable {
  private readonly watcher: vscode.Disposable;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly document: PairDocument,
    private readonly copy: DecodedCopy,
    private readonly notices: Notices,
  ) {
    this.watcher = watchFile(document.uri, () => this.soon());
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
    if (await this.copy.isStale()) await readAgain(this.document, this.copy, this.notices);
  }
}

/** Decodes a file again, with progress and *Cancel*. */
export function readAgain(document: PairDocument, copy: DecodedCopy, notices: Notices): Thenable<void> {
  const title = `Reading ${uriName(document.uri)}`;
  return notices.progress(title, (_, token) => copy.readAgain(document.lines, token));
}

/** Stops the decoding of a read-only file, or reads it again from the start. */
export async function setReading(document: PairDocument, on: boolean, notices: Notices): Promise<void> {
  if (!on) document.copy?.stop();
  else if (document.copy) await readAgain(document, document.copy, notices);
}
