import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import { rowAsJson, rowFromJson } from '../../pairs/rowJson';
import type { PairDocument } from '../pairEditor/pairDocument';
import { uriName } from '../uriName';
import { type RowEvent, TrackedRow } from './trackedRow';

export const rowScheme = 'margin-row';

/** A row that is open as a file. */
interface OpenRow {
  readonly uri: vscode.Uri;
  readonly document: PairDocument;
  readonly tracked: TrackedRow;
  /** Milliseconds since 1970. VS Code takes a file with a later time for a changed one. */
  time: number;
}

/**
 * Rows of open documents as files, so that VS Code's text editor opens them. Saving such a file edits the row in its
 * document as one undo step; the document itself is saved as always.
 */
export class RowFiles implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly rows = new Map<string, OpenRow>();
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri));
  private opened = 0;

  /** The file of a row. Its name has the number that the row has now. */
  async open(document: PairDocument, row: number): Promise<vscode.Uri> {
    const same = [...this.rows.values()].find((one) => one.document === document && one.tracked.row === row);
    if (same) return same.uri;
    const [line] = await document.lines.lines(row, 1);
    const path = `/${uriName(document.uri)}, row ${row + 1}.json`;
    const uri = vscode.Uri.from({ scheme: rowScheme, path, query: String(++this.opened) });
    const happened = (event: RowEvent): void => this.tell(uri, event);
    const tracked = new TrackedRow(document.lines, row, must(line, 'the row to open'), happened);
    this.rows.set(uri.toString(), { uri, document, tracked, time: Date.now() });
    document.onDidDispose(() => this.tell(uri, 'gone'));
    return uri;
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { document, tracked, time } = this.there(uri);
    const stat = { type: vscode.FileType.File, ctime: 0, mtime: time, size: encoded(tracked).length };
    return document.copy === null ? stat : { ...stat, permissions: vscode.FilePermission.Readonly };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return encoded(this.there(uri).tracked);
  }

  /** @throws MarginError `json-syntax` with the place of the mistake, `row-gone`, `rows-changed` */
  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const { document, tracked } = this.rowOf(uri);
    const { row, text } = tracked;
    const name = uriName(document.uri);
    if (row === null)
      throw new MarginError('row-gone', `The row is no longer in ${name}. Undo its deletion there, or copy the text.`);
    const line = rowFromJson(new TextDecoder().decode(content), text);
    if (line === text) return;
    const edit = { op: 'replace', row, line, previous: text } as const;
    const label = `Edit row ${row + 1} in text editor`;
    if (!(await document.applyTogether([edit], label, document.lines.revision)))
      throw new MarginError('rows-changed', `The rows of ${name} have changed meanwhile. Save again.`);
  }

  watch(): vscode.Disposable {
    // Changes are told without being asked for.
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    for (const { uri } of this.rows.values()) this.forget(uri);
    this.closed.dispose();
    this.changed.dispose();
  }

  private there(uri: vscode.Uri): OpenRow {
    const open = this.rows.get(uri.toString());
    if (open === undefined || open.tracked.row === null) throw vscode.FileSystemError.FileNotFound(uri);
    return open;
  }

  private rowOf(uri: vscode.Uri): OpenRow {
    const open = this.rows.get(uri.toString());
    if (open) return open;
    const message =
      'The pairs of this row are not open any more. Open them, and open the row again; then copy this text.';
    throw new MarginError('row-gone', message, { uri: uri.toString() });
  }

  private tell(uri: vscode.Uri, event: RowEvent): void {
    const open = this.rows.get(uri.toString());
    if (!open) return;
    // Two changes may come in one millisecond.
    open.time = Math.max(open.time + 1, Date.now());
    const { Changed, Created, Deleted } = vscode.FileChangeType;
    this.changed.fire([{ uri, type: event === 'gone' ? Deleted : event === 'back' ? Created : Changed }]);
  }

  private forget(uri: vscode.Uri): void {
    this.rows.get(uri.toString())?.tracked.close();
    this.rows.delete(uri.toString());
  }
}

function encoded({ text }: TrackedRow): Uint8Array {
  return new TextEncoder().encode(rowAsJson(text));
}
