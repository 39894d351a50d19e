import * as vscode from 'vscode';
import { statOrNull } from '../../base/node/statOrNull';
import { errorCode } from '../../base/pure/marginError';
import { TaskQueue } from '../../base/pure/taskQueue';
import type { DecodedFile, DecodedFiles } from '../../jsonl/node/decode/decodedFiles';
import type { LinesDocument } from '../../jsonl/node/document';
import type { OpenOptions } from '../../jsonl/node/lineFile';
import type { ReadOnlyKind } from '../../jsonl/fileKind';
import { sameStamp, stampOf } from '../../jsonl/stamp';
import type { ReadOnly } from '../../protocol/pairEditor';

/** The copy in which the rows of a packed file, of UTF-16 or of Parquet are shown. They are not edited. */
export class DecodedCopy {
  private readonly queue = new TaskQueue();

  private constructor(
    private readonly uri: vscode.Uri,
    private readonly kind: ReadOnlyKind,
    private readonly files: DecodedFiles,
    private decoded: DecodedFile,
  ) {}

  /** @throws MarginError as {@link DecodedFiles.open} */
  static async open(uri: vscode.Uri, kind: ReadOnlyKind, files: DecodedFiles): Promise<DecodedCopy> {
    return new DecodedCopy(uri, kind, files, await files.open(uri.fsPath));
  }

  /** Whether its rows have numbers and no lines. */
  get isParquet(): boolean {
    return this.kind.container.kind === 'parquet';
  }

  get file(): string {
    return this.decoded.file;
  }

  /** How to open {@link file}. */
  get options(): OpenOptions {
    const { growing } = this.decoded;
    return { name: vscode.workspace.asRelativePath(this.uri), ...(growing && { growth: growing }) };
  }

  /** Why the rows are not edited, and whether all of them are read. */
  get state(): ReadOnly {
    const { growing } = this.decoded;
    const reading = growing === null || growing.isComplete ? 'done' : growing.isStopped ? 'stopped' : 'going';
    const name = vscode.workspace.asRelativePath(this.uri);
    return { reason: `${name} is ${this.kind.name}: Margin shows it read-only.`, reading };
  }

  /** Stops the decoding: the rows that are decoded stay. */
  stop(): void {
    this.decoded.growing?.stop();
  }

  /** Whether the source has changed since it was decoded. A source that was deleted does not count as changed. */
  async isStale(): Promise<boolean> {
    const now = await statOrNull(this.uri.fsPath);
    return now !== null && !sameStamp(stampOf(now), this.decoded.stamp);
  }

  /**
   * Decodes the source again, and shows the new rows once all are there. After an error the old ones stay.
   *
   * @throws MarginError what ended the decoding; CancellationError
   */
  readAgain(lines: LinesDocument, token: vscode.CancellationToken): Promise<void> {
    return this.queue.run(() => this.replace(lines, token));
  }

  /** Ends the use of the copy, once nothing reads it any more. */
  async release(): Promise<void> {
    this.stop();
    await this.queue.settled();
    await this.decoded.release();
  }

  private async replace(lines: LinesDocument, token: vscode.CancellationToken): Promise<void> {
    const old = this.decoded;
    old.growing?.stop();
    this.decoded = await this.files.open(this.uri.fsPath);
    const cancelled = token.onCancellationRequested(() => this.stop());
    try {
      await lines.revert(this.file, this.options);
    } catch (error) {
      const failed = this.decoded;
      this.decoded = old;
      await failed.release();
      throw errorCode(error) === 'stopped' ? new vscode.CancellationError() : error;
    } finally {
      cancelled.dispose();
    }
    await old.release();
  }
}
