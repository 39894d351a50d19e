import { readFileSync } from 'node:fs';
import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';
import { at, must } from '../../../src/base/pure/must';
import { Channel, type Port } from '../../../src/protocol/channel';
import type { PairEditorHost, PairEditorView } from '../../../src/protocol/pairEditor';
import { type FakeEdit, FakePanel, type FakeProvider, FakeUri, FakeVscode } from './fakeVscode';

/** The bundle as a package has it, without Node: an import of a built-in module fails this build. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['src/web/main.ts'],
    bundle: true,
    minify: true,
    write: false,
    logLevel: 'silent',
    platform: 'browser',
    format: 'cjs',
    target: 'chrome136',
    external: ['vscode'],
  });
  return at(outputFiles, 0).text;
}

/** What a worker of a browser has that this extension may use, and nothing of Node. */
const ofWorker = {
  TextEncoder,
  TextDecoder,
  performance,
  setTimeout,
  clearTimeout,
  AbortController,
  AbortSignal,
  crypto: globalThis.crypto,
  btoa,
};

export const row = (prompt: string): string => JSON.stringify({ prompt, chosen: 'Yes.', rejected: 'No.' });
export const rows = ['Are cats liquid?', 'Is it  late?', 'Do fish sleep?'].map(row);
/** Odd spacing and line ends, which a save must keep. */
export const content = `${rows[0]}\n${rows[1]}\r\n  ${rows[2]}`;

/** The browser extension in a context without Node, with a fake VS Code. */
export class Sandbox {
  code = '';
  private vscode = new FakeVscode();
  private editor: FakeProvider | undefined;

  async build(): Promise<void> {
    this.code = await bundle();
  }

  /** The file `/prefs.jsonl` as it is now. */
  text(): string {
    return new TextDecoder().decode(this.vscode.files.get('/prefs.jsonl'));
  }

  start(files: Readonly<Record<string, string>> = { '/prefs.jsonl': content }) {
    const vscode = new FakeVscode();
    for (const [path, one] of Object.entries(files)) vscode.files.set(path, new TextEncoder().encode(one));
    const module = { exports: {} as { activate(context: object): void } };
    const required = (name: string): object => {
      if (name !== 'vscode') throw new Error(`The bundle asks for ${name}`);
      return vscode.api;
    };
    new Script(`((module, exports, require) => {${this.code}})`).runInContext(createContext({ ...ofWorker }))(
      ...[module, module.exports, required],
    );
    const packageJSON = JSON.parse(readFileSync('package.json', 'utf8')) as object;
    const workspaceState = {
      get: (key: string, fallback: unknown) => vscode.remembered.get(key) ?? fallback,
      update: async (key: string, value: unknown) => void vscode.remembered.set(key, value),
    };
    module.exports.activate({
      extension: { packageJSON },
      extensionUri: new FakeUri('/extension'),
      subscriptions: [],
      workspaceState,
    });
    const editor = must(vscode.editors.get('margin.pairs'), 'the pair editor');
    this.vscode = vscode;
    this.editor = editor;
    return { vscode, editor };
  }

  /** Opens the file, with a view that a test drives. */
  async opened(backupId?: string) {
    const editor = must(this.editor, 'the pair editor');
    const edits: FakeEdit[] = [];
    editor.onDidChangeCustomDocument((event) => edits.push(event));
    const document = await editor.openCustomDocument(
      new FakeUri('/prefs.jsonl'),
      backupId === undefined ? {} : { backupId },
    );
    const panel = new FakePanel();
    editor.resolveCustomEditor(document, panel);
    const port: Port = {
      post: (message) => queueMicrotask(() => panel.receive(message)),
      listen: (receive) => {
        panel.webview.postMessage = async (message) => receive(message as never);
        return () => undefined;
      },
    };
    const channel = new Channel<PairEditorView, PairEditorHost>(port, { settled: () => null });
    return { document, panel, channel, edits };
  }
}
