/** The parts of VS Code's API that the browser extension uses, on files in memory. */
export class FakeVscode {
  readonly files = new Map<string, Uint8Array>();
  readonly commands = new Map<string, (...args: readonly unknown[]) => unknown>();
  readonly contexts = new Map<string, unknown>();
  readonly errors: string[] = [];
  /** What was asked to be called when a file changes. */
  readonly watchers: (() => void)[] = [];
  isWritable = true;
  readonly remembered = new Map<string, unknown>();
  readonly settings = new Map<string, unknown>();
  /** Chooses from each list that is shown. */
  pick: (items: readonly FakeItem[]) => FakeItem | undefined = () => undefined;
  readonly executed: unknown[][] = [];
  editors = new Map<string, FakeProvider>();
  /** What `require('vscode')` gives. */
  readonly api = apiOf(this);
}

/** The methods of a custom editor's provider that tests call. */
export interface FakeProvider {
  openCustomDocument(uri: FakeUri, context: { readonly backupId?: string }): Promise<FakeDocument>;
  resolveCustomEditor(document: FakeDocument, panel: FakePanel): void;
  saveCustomDocument(document: FakeDocument): Promise<void>;
  saveCustomDocumentAs(document: FakeDocument, target: FakeUri): Promise<void>;
  revertCustomDocument(document: FakeDocument): Promise<void>;
  backupCustomDocument(
    document: FakeDocument,
    context: { readonly destination: FakeUri },
  ): Promise<{ readonly id: string }>;
  onDidChangeCustomDocument(listener: (event: FakeEdit) => void): void;
}

export interface FakeItem {
  readonly label: string;
  readonly detail?: string;
}

export interface FakeDocument {
  dispose(): void;
}

export interface FakeEdit {
  readonly label: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

export class FakeUri {
  readonly scheme = 'fake';
  constructor(readonly path: string) {}
  static parse(text: string): FakeUri {
    return new FakeUri(text.replace('fake:', ''));
  }
  static joinPath({ path }: FakeUri, ...parts: readonly string[]): FakeUri {
    return new FakeUri([path, ...parts].join('/'));
  }
  with(): FakeUri {
    return this;
  }
  toString(): string {
    return `fake:${this.path}`;
  }
}

/** A webview and the panel around it. `sent` has what the extension posted; `receive` posts to the extension. */
export class FakePanel {
  readonly sent: unknown[] = [];
  visible = true;
  active = true;
  receive: (message: unknown) => void = () => undefined;
  private readonly gone: (() => void)[] = [];
  readonly webview = {
    html: '',
    options: {},
    cspSource: 'csp',
    asWebviewUri: (uri: FakeUri) => uri,
    postMessage: async (message: unknown): Promise<void> => void this.sent.push(message),
    onDidReceiveMessage: (listener: (message: unknown) => void) => {
      this.receive = listener;
      return { dispose: () => undefined };
    },
  };
  onDidChangeViewState(): void {}
  onDidDispose(listener: () => void): void {
    this.gone.push(listener);
  }
  reveal(): void {}
  close(): void {
    for (const listener of this.gone) listener();
  }
}

class FakeEmitter<T> {
  private readonly listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

function apiOf(fake: FakeVscode): object {
  const nothing = { dispose: () => undefined };
  const bytes = ({ path }: FakeUri): Uint8Array => {
    const found = fake.files.get(path);
    if (!found) throw Object.assign(new Error(`${path} is missing`), { code: 'FileNotFound' });
    return found;
  };
  const watched = (listener: () => void): typeof nothing => (fake.watchers.push(listener), nothing);
  const watcher = { ...nothing, onDidChange: watched, onDidCreate: watched, onDidDelete: watched };
  class Plain {}
  return {
    version: '1.140.0',
    env: { language: 'en' },
    Uri: FakeUri,
    EventEmitter: FakeEmitter,
    CancellationError: class extends Error {},
    RelativePattern: Plain,
    TabInputCustom: Plain,
    TabInputText: Plain,
    QuickPickItemKind: { Separator: -1 },
    workspace: {
      asRelativePath: ({ path }: FakeUri) => path.slice(1),
      createFileSystemWatcher: () => watcher,
      getConfiguration: () => ({ get: (name: string) => fake.settings.get(name) }),
      onDidChangeConfiguration: () => nothing,
      fs: {
        isWritableFileSystem: () => fake.isWritable,
        stat: async (uri: FakeUri) => ({ size: bytes(uri).length, mtime: 1 }),
        readFile: async (uri: FakeUri) => bytes(uri),
        writeFile: async ({ path }: FakeUri, content: Uint8Array) => void fake.files.set(path, content),
        delete: async ({ path }: FakeUri) => void fake.files.delete(path),
      },
    },
    window: {
      createOutputChannel: () => ({ ...nothing, info: () => undefined, error: () => undefined }),
      registerCustomEditorProvider: (type: string, provider: FakeProvider) => (
        fake.editors.set(type, provider),
        nothing
      ),
      showErrorMessage: async (message: string) => void fake.errors.push(message),
      showWarningMessage: async (message: string) => void fake.errors.push(message),
      showQuickPick: async (items: readonly FakeItem[]) => fake.pick(items),
      tabGroups: { activeTabGroup: { activeTab: null } },
    },
    commands: {
      registerCommand: (id: string, run: () => unknown) => (fake.commands.set(id, run), nothing),
      executeCommand: async (id: string, ...args: readonly unknown[]) => {
        fake.executed.push([id, ...args]);
        if (id === 'setContext') fake.contexts.set(String(args[0]), args[1]);
      },
    },
  };
}
