import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { must } from '../../src/base/pure/must';
import { BrowserDocument } from '../../src/web/browserDocument';
import { until } from './until';

/** Files in memory, as an extension for repositories offers them. */
class MemoryFiles implements vscode.FileSystemProvider {
  readonly files = new Map<string, { content: Uint8Array; mtime: number }>();
  permissions: vscode.FilePermission | undefined;
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;

  put(uri: vscode.Uri, text: string): void {
    this.writeFile(uri, new TextEncoder().encode(text));
  }
  text(uri: vscode.Uri): string {
    return new TextDecoder().decode(this.readFile(uri));
  }
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }
  stat(uri: vscode.Uri): vscode.FileStat {
    if (uri.path === '/') return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const { content, mtime } = this.fileAt(uri);
    const { permissions } = this;
    const stat = { type: vscode.FileType.File, ctime: 0, mtime, size: content.length };
    return permissions === undefined ? stat : { ...stat, permissions };
  }
  readFile(uri: vscode.Uri): Uint8Array {
    return this.fileAt(uri).content;
  }
  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const mtime = (this.files.get(uri.path)?.mtime ?? 0) + 1;
    this.files.set(uri.path, { content: Uint8Array.from(content), mtime });
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }
  delete(uri: vscode.Uri): void {
    this.files.delete(uri.path);
    this.changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }
  readDirectory(): [string, vscode.FileType][] {
    return [...this.files.keys()].map((path) => [path.slice(1), vscode.FileType.File]);
  }
  createDirectory(): void {}
  rename(): void {}
  private fileAt(uri: vscode.Uri): { content: Uint8Array; mtime: number } {
    const found = this.files.get(uri.path);
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    return found;
  }
}

const row = (prompt: string): string => JSON.stringify({ prompt, chosen: 'Yes.', rejected: 'No.' });
const content = `${row('One?')}\r\n${row('Two?')}`;

describe('files that are only read through VS Code', () => {
  const files = new MemoryFiles();
  const uri = vscode.Uri.parse('margin-memory:/prefs.jsonl');
  const registered: vscode.Disposable[] = [];
  const open = (): Promise<BrowserDocument> =>
    BrowserDocument.open(uri, undefined, () => assert.fail('there is no backup'));
  const never = (): Promise<boolean> => Promise.reject(new Error('nobody is asked'));

  before(() => registered.push(vscode.workspace.registerFileSystemProvider('margin-memory', files)));
  beforeEach(() => files.put(uri, content));
  after(() => vscode.Disposable.from(...registered).dispose());

  it('are edited and saved; rows without an edit keep their bytes', async () => {
    const document = await open();
    assert.equal(document.readOnly, null);
    await document.apply({ kind: 'delete', row: 1 }, document.lines.revision);
    await document.save(never);
    assert.equal(files.text(uri), row('One?'));
    document.dispose();
  });

  it('are read again after another program has written them, and written again after they were deleted', async () => {
    const document = await open();
    files.put(uri, `${content}\n${row('Three?')}`);
    await document.follow();
    assert.equal(document.lines.rowCount, 3);
    await vscode.workspace.fs.delete(uri);
    await document.follow();
    assert.match(must(document.notice, 'the notice'), /was deleted or moved/);
    await document.apply({ kind: 'delete', row: 0 }, document.lines.revision);
    await document.save(never);
    assert.equal(files.text(uri), `${row('Two?')}\n${row('Three?')}`);
    assert.equal(document.notice, null);
    document.dispose();
  });

  it('are not edited if they are read-only', async () => {
    files.permissions = vscode.FilePermission.Readonly;
    try {
      const document = await open();
      assert.match(must(document.readOnly, 'the reason'), /is read-only, so its rows are only shown/);
      await assert.rejects(document.apply({ kind: 'delete', row: 0 }, document.lines.revision), { code: 'read-only' });
      document.dispose();
    } finally {
      files.permissions = undefined;
    }
  });

  it('are not edited in a file system that takes no changes', async () => {
    const fixed = new MemoryFiles();
    const there = vscode.Uri.parse('margin-fixed:/prefs.jsonl');
    fixed.put(there, content);
    registered.push(vscode.workspace.registerFileSystemProvider('margin-fixed', fixed, { isReadonly: true }));
    await until(
      'VS Code knows the file system',
      () => vscode.workspace.fs.isWritableFileSystem('margin-fixed') === false,
    );
    const document = await BrowserDocument.open(there, undefined, () => undefined);
    assert.match(must(document.readOnly, 'the reason'), /in a place that takes no changes/);
    assert.equal(document.lines.rowCount, 2);
    document.dispose();
  });
});
