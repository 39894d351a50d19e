import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { inTurns } from '../../base/pure/inTurns';
import { isLiving } from '../../run/alive';
import { findRuns, type FolderChanges, folderChanges, type FoundRun, type FoundRuns, readRun } from '../../run/find';
import { readPlace } from '../../run/queue/place';
import { newestLoss } from '../../run/newestLoss';
import { type Log, logError } from '../notices';
import type { RunChange } from './runChange';
import { RunWatcher } from './runWatcher';

/** A state file changes at each step; the list and the status bar follow at this pace. */
const settleMs = 400;
/**
 * Watchers may miss the first files of a new folder. After a folder appeared, its runs are looked for after these
 * milliseconds, until one is found.
 */
const looksMs: readonly number[] = [300, 1000, 3000, 8000, 20_000];
/**
 * Some changes reach no watcher: a killed trainer writes nothing, and network disks report nothing. While a run is
 * living or the Runs view is visible, runs are read again this often.
 */
const rereadMs = 5000;
/** Most run folders that a search of the workspace returns. */
const maxFound = 2000;
/** Runs read at a time, so that their files take little memory together. */
const atOnce = 8;
/** Key of the workspace's memory: folders outside of `.margin/runs` into which a config of this workspace put runs. */
const rememberedDirs = 'outputDirs';

export interface ListedRun extends FoundRun {
  /** The loss of the newest training point; null before the first. */
  readonly loss: number | null;
  /** The order among queued runs: see `readPlace`. Means nothing for others. */
  readonly place: number;
}

type Unreadable = FoundRuns['unreadable'][number];

/**
 * The runs of the workspace, newest first: those of every `.margin/runs`, and of every other folder into which a config
 * of this workspace put runs. File-system watchers keep the list up to date. Side bar, status bar and panels share it.
 */
export class RunsModel implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<readonly ListedRun[]>();
  readonly onDidChange = this.emitter.event;
  private readonly watcher: RunWatcher;
  /** By folder: the timer of the next search for a run in it. */
  private readonly looks = new Map<string, NodeJS.Timeout>();
  private isDisposed = false;
  private reread: NodeJS.Timeout | null = null;
  private pending: NodeJS.Timeout | null = null;
  private readonly touched = new Set<string>();
  private needsRefresh = false;
  private isVisible = false;
  private found: ReadonlyMap<string, ListedRun> = new Map();
  private first: Promise<unknown> | null = null;
  private dirs: readonly string[] = [];
  /** Folders that have held or may hold runs, though no search finds a run in them yet. */
  private readonly expected: Set<string>;
  unreadable: readonly Unreadable[] = [];
  /** Name of the run whose folder is being made; null if there is none. */
  preparing: string | null = null;

  constructor(
    private readonly memory: vscode.Memento,
    private readonly log: Log,
  ) {
    this.expected = new Set(vscode.workspace.workspaceFolders?.map(({ uri }) => join(uri.fsPath, '.margin', 'runs')));
    this.watcher = new RunWatcher({
      changed: (change) => this.follow(change),
      removed: () => this.refreshSoon(),
    });
  }

  get runs(): readonly ListedRun[] {
    return [...this.found.values()];
  }

  /** Folders that hold run folders. */
  async outputDirs(): Promise<readonly string[]> {
    await this.ready();
    return this.dirs;
  }

  /** The list. Resolves when it was read for the first time. */
  async ready(): Promise<readonly ListedRun[]> {
    await (this.first ??= this.refresh());
    return this.runs;
  }

  /** Searches the workspace and reads every run. */
  async refresh(): Promise<readonly ListedRun[]> {
    this.needsRefresh = false;
    const configs = await vscode.workspace.findFiles('**/.margin/runs/*/config.json', '**/node_modules/**', maxFound);
    const found = configs.map(({ fsPath }) => dirname(dirname(fsPath)));
    this.dirs = [...new Set([...found, ...this.expected, ...this.remembered])];
    for (const dir of this.dirs) this.watcher.watchDir(dir);
    const { runs, unreadable } = await findRuns(this.dirs);
    const listed = await inTurns(runs, atOnce, withLoss);
    this.unreadable = unreadable;
    this.show(new Map(listed.map((run) => [run.folder, run])));
    return this.runs;
  }

  /** Makes a run folder. Until that is done, views say that they wait for `name`. */
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

  /**
   * Sets whether the person sees the list. While it is visible, new and removed runs are also looked for where watchers
   * report nothing.
   */
  setVisible(isVisible: boolean): void {
    this.isVisible = isVisible;
    if (isVisible) this.lookAgain();
    this.setTimer();
  }

  dispose(): void {
    this.watcher.dispose();
    this.emitter.dispose();
    if (this.reread) clearInterval(this.reread);
    if (this.pending) clearTimeout(this.pending);
    for (const timer of this.looks.values()) clearTimeout(timer);
    this.isDisposed = true;
  }

  private get remembered(): readonly string[] {
    return this.memory.get<readonly string[]>(rememberedDirs, []);
  }

  private async remember(dir: string): Promise<void> {
    if (!this.remembered.includes(dir)) await this.memory.update(rememberedDirs, [...this.remembered, dir]);
  }

  private show(found: ReadonlyMap<string, ListedRun>): void {
    this.found = found;
    this.setTimer();
    this.emitter.fire(this.runs);
  }

  private follow(change: RunChange): void {
    this.expected.add(change.dir);
    if (change.kind === 'dir') return this.lookFor(change);
    const isUnreadable = this.unreadable.some(({ folder }) => folder === change.folder);
    if (isUnreadable) this.refreshSoon();
    else if (this.found.has(change.folder)) this.touch(change.folder);
    else this.lookFor(change);
  }

  /** Searches a new folder for runs, a few times until there is one. */
  private lookFor(change: RunChange): void {
    const place = change.kind === 'run' ? change.folder : change.dir;
    if (this.looks.has(place)) return;
    const look = (attempt: number): void => {
      const wait = looksMs[attempt];
      if (wait === undefined) return void this.looks.delete(place);
      const again = async (): Promise<void> => {
        if (await this.isListed(change)) this.looks.delete(place);
        else if (!this.isDisposed) look(attempt + 1);
      };
      const fail = (error: unknown): void => {
        this.looks.delete(place);
        logError(this.log, error);
      };
      this.looks.set(
        place,
        setTimeout(() => again().catch(fail), wait),
      );
    };
    look(0);
  }

  /** Whether the run, or any run of the folder, is in the list. Watches it, and asks for one that is not yet listed. */
  private async isListed(change: RunChange): Promise<boolean> {
    // Watched before it is read, so that a run made in between is reported.
    this.watcher.watchNew(change.dir, change.dir);
    const isFound = change.kind === 'run' && this.found.has(change.folder);
    const appeared = isFound ? [change.folder] : (await this.changesIn([change.dir])).appeared;
    for (const folder of appeared) {
      this.watcher.watchNew(change.dir, folder);
      this.touch(folder);
    }
    return appeared.length > 0;
  }

  private changesIn(dirs: readonly string[]): Promise<FolderChanges> {
    return folderChanges(dirs, new Set([...this.found.keys(), ...this.unreadable.map(({ folder }) => folder)]));
  }

  /** Runs the timer only while there is something that watchers may miss. */
  private setTimer(): void {
    const isNeeded = this.isVisible || this.runs.some(isActive);
    if (isNeeded) this.reread ??= setInterval(() => this.lookAgain(), rereadMs);
    else if (this.reread) {
      clearInterval(this.reread);
      this.reread = null;
    }
  }

  private lookAgain(): void {
    for (const run of this.runs) if (isActive(run)) this.touch(run.folder);
    if (!this.isVisible) return;
    this.changesIn([...new Set([...this.dirs, ...this.expected])]).then(
      ({ appeared, vanished }) => {
        appeared.forEach((folder) => this.touch(folder));
        if (vanished.length > 0) this.refreshSoon();
      },
      // The next refresh lists a folder that cannot be read, with the reason.
      () => undefined,
    );
  }

  private touch(folder: string): void {
    this.touched.add(folder);
    this.readSoon();
  }

  private refreshSoon(): void {
    this.needsRefresh = true;
    this.readSoon();
  }

  private readSoon(): void {
    this.pending ??= setTimeout(() => {
      this.pending = null;
      this.readTouched().catch((error: unknown) => logError(this.log, error));
    }, settleMs);
  }

  private async readTouched(): Promise<void> {
    const folders = [...this.touched];
    this.touched.clear();
    if (this.needsRefresh || folders.some((folder) => !this.found.has(folder))) {
      await this.refresh();
      return;
    }
    // A run that became unreadable keeps its place until the next refresh lists the reason.
    const runs = await inTurns(folders, atOnce, (folder) => readRun(folder).then(withLoss, () => null));
    const changed = runs.filter((run) => run !== null).filter((run) => !isSame(run, this.found.get(run.folder)));
    if (changed.length === 0) return;
    const updates = new Map(changed.map((run) => [run.folder, run]));
    this.show(new Map([...this.found].map(([folder, run]) => [folder, updates.get(folder) ?? run])));
  }
}

/** Whether a process works on the run, or will soon. */
function isActive({ status, scoring }: ListedRun): boolean {
  return isLiving(status) || status === 'queued' || scoring?.status === 'running';
}

async function withLoss(run: FoundRun): Promise<ListedRun> {
  const { folder, name, status, state, created, remarks, scoring, lost } = run;
  const { loss, remark } = await newestLoss(folder);
  const place = status === 'queued' ? (await readPlace(folder)).place : 0;
  const allRemarks = remark === null ? remarks : [...remarks, remark];
  return { folder, name, status, state, created, remarks: allRemarks, scoring, loss, place, ...(lost && { lost }) };
}

/** Whether a list would show the same for two readings of a run. */
function isSame(a: ListedRun, b: ListedRun | undefined): boolean {
  return (
    b !== undefined &&
    a.status === b.status &&
    a.loss === b.loss &&
    a.place === b.place &&
    a.state?.step === b.state?.step &&
    a.state?.eta === b.state?.eta &&
    a.scoring?.scored === b.scoring?.scored &&
    a.scoring?.status === b.scoring?.status
  );
}
