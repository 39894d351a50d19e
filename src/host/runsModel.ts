import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { inTurns } from '../base/pure/inTurns';
import { isLiving } from '../run/alive';
import { findRuns, type FoundRun, type FoundRuns, newRunFolders, readRun } from '../run/find';
import { newestLoss } from '../run/newestLoss';

/** State files change each step; lists and the status bar need no more than this. */
const settleMs = 400;
/**
 * How often living runs and new folders are looked for without being told: a killed trainer writes nothing, some disks
 * tell nothing, and watchers miss what is made within a folder that is new itself, as the first run's is.
 */
const pollMs = 1500;
/** More run folders than this are not looked for; a workspace with more has them in few places anyway. */
const maxFound = 2000;
/** Runs read at a time, so that their files take little memory together. */
const atOnce = 8;
const rememberedDirs = 'outputDirs';

export interface ListedRun extends FoundRun {
  /** Of the newest training point; null before the first. */
  readonly loss: number | null;
}

type Unreadable = FoundRuns['unreadable'][number];

/**
 * The runs of the workspace, newest first, kept up to date: every `.margin/runs` in it, and wherever else a config of
 * this workspace put runs. Side bar, status bar and panels read this one list.
 */
export class RunsModel implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<readonly ListedRun[]>();
  readonly onDidChange = this.emitter.event;
  private readonly watchers: readonly vscode.Disposable[];
  private readonly poll: NodeJS.Timeout;
  private readonly touched = new Set<string>();
  private pending: NodeJS.Timeout | null = null;
  private found: ReadonlyMap<string, ListedRun> = new Map();
  private first: Promise<unknown> | null = null;
  private dirs: readonly string[] = [];
  /** `.margin/runs` folders that may come to be. */
  private readonly expected: Set<string>;
  unreadable: readonly Unreadable[] = [];
  /** Name of a run whose folder is being made. */
  preparing: string | null = null;

  constructor(private readonly memory: vscode.Memento) {
    this.expected = new Set(vscode.workspace.workspaceFolders?.map(({ uri }) => join(uri.fsPath, '.margin', 'runs')));
    const homes = vscode.workspace.createFileSystemWatcher('**/.margin', false, true, true);
    homes.onDidCreate(({ fsPath }) => this.expected.add(join(fsPath, 'runs')));
    const configs = vscode.workspace.createFileSystemWatcher('**/.margin/runs/*/config.json', false, true, false);
    configs.onDidCreate(() => void this.refresh());
    configs.onDidDelete(() => void this.refresh());
    const states = vscode.workspace.createFileSystemWatcher('**/.margin/runs/*/state.json', false, false, true);
    states.onDidCreate(({ fsPath }) => this.touch(dirname(fsPath)));
    states.onDidChange(({ fsPath }) => this.touch(dirname(fsPath)));
    this.watchers = [homes, configs, states];
    this.poll = setInterval(() => this.look(), pollMs);
  }

  get runs(): readonly ListedRun[] {
    return [...this.found.values()];
  }

  /** Folders that hold run folders. */
  async outputDirs(): Promise<readonly string[]> {
    await this.ready();
    return this.dirs;
  }

  /** The list, once it was read. */
  async ready(): Promise<readonly ListedRun[]> {
    await (this.first ??= this.refresh());
    return this.runs;
  }

  async refresh(): Promise<readonly ListedRun[]> {
    const configs = await vscode.workspace.findFiles('**/.margin/runs/*/config.json', '**/node_modules/**', maxFound);
    const remembered = this.memory.get<readonly string[]>(rememberedDirs, []);
    this.dirs = [
      ...new Set([...configs.map(({ fsPath }) => dirname(dirname(fsPath))), ...this.expected, ...remembered]),
    ];
    const { runs, unreadable } = await findRuns(this.dirs);
    const listed = await inTurns(runs, atOnce, withLoss);
    this.unreadable = unreadable;
    this.found = new Map(listed.map((run) => [run.folder, run]));
    this.emitter.fire(this.runs);
    return this.runs;
  }

  /** Makes a run folder; meanwhile views say that they wait for `name`. */
  async prepare(name: string, make: () => Promise<string>): Promise<string> {
    this.preparing = name;
    this.emitter.fire(this.runs);
    try {
      const folder = await make();
      await this.remember(dirname(folder));
      return folder;
    } finally {
      this.preparing = null;
      await this.refresh();
    }
  }

  dispose(): void {
    for (const watcher of this.watchers) watcher.dispose();
    this.emitter.dispose();
    clearInterval(this.poll);
    if (this.pending) clearTimeout(this.pending);
  }

  private async remember(dir: string): Promise<void> {
    const remembered = this.memory.get<readonly string[]>(rememberedDirs, []);
    if (!remembered.includes(dir)) await this.memory.update(rememberedDirs, [...remembered, dir]);
  }

  private look(): void {
    for (const { folder, status, scoring } of this.found.values())
      if (isLiving(status) || scoring?.status === 'running') this.touch(folder);
    // A folder that cannot be listed is told by the refresh that a person asks for.
    void this.lookForNew().catch(() => undefined);
  }

  private async lookForNew(): Promise<void> {
    const known = new Set([...this.found.keys(), ...this.unreadable.map(({ folder }) => folder)]);
    const fresh = await newRunFolders([...new Set([...this.dirs, ...this.expected])], known);
    for (const folder of fresh) this.touch(folder);
  }

  private touch(folder: string): void {
    this.touched.add(folder);
    this.pending ??= setTimeout(() => {
      this.pending = null;
      void this.readTouched();
    }, settleMs);
  }

  private async readTouched(): Promise<void> {
    const folders = [...this.touched];
    this.touched.clear();
    if (folders.some((folder) => !this.found.has(folder))) return void (await this.refresh());
    // A folder that became unreadable is told apart by the next refresh.
    const runs = await inTurns(folders, atOnce, (folder) => readRun(folder).then(withLoss, () => null));
    const changed = runs.filter((run) => run !== null && !sameRun(run, this.found.get(run.folder)));
    if (changed.length === 0) return;
    const updates = new Map(changed.flatMap((run) => (run ? [[run.folder, run] as const] : [])));
    this.found = new Map([...this.found].map(([folder, run]) => [folder, updates.get(folder) ?? run]));
    this.emitter.fire(this.runs);
  }
}

async function withLoss({ folder, name, status, state, created, remarks, scoring }: FoundRun): Promise<ListedRun> {
  const { loss, remark } = await newestLoss(folder);
  return {
    folder,
    name,
    status,
    state,
    created,
    remarks: remark === null ? remarks : [...remarks, remark],
    scoring,
    loss,
  };
}

function sameRun(a: ListedRun, b: ListedRun | undefined): boolean {
  return (
    b !== undefined &&
    a.status === b.status &&
    a.loss === b.loss &&
    a.state?.step === b.state?.step &&
    a.state?.eta === b.state?.eta &&
    a.scoring?.scored === b.scoring?.scored &&
    a.scoring?.status === b.scoring?.status
  );
}
