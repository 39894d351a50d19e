import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { inTurns } from '../../base/pure/inTurns';
import { errorCode, errorMessage } from '../../base/pure/marginError';
import { type Log, logError } from '../notices';
import { candidates, foldersOf } from './candidates';
import { type Look, lookAtFile } from './lookAtFile';
import { dataGlob } from './mayHold';
import { type RowCounts, RowTally } from './rowTally';

const excluded = '**/{node_modules,.git,.margin}/**';
/** More files than this are not even counted. */
const maxFound = 50_000;
/** Files that are open at a time while the list is made. */
const atOnce = 8;
/**
 * A file that is written to changes many times a second; news of it is taken in this often, however long it goes on.
 */
const roundMs = 500;
/** Between two news of counts. */
const newsMs = 1000;
const folderKey = 'datasetsFolder';

/** A file of the workspace that may hold preference data. */
export interface Dataset {
  readonly uri: vscode.Uri;
  readonly look: Look;
  /** Null until somebody has counted, or where the file cannot be read to its end. */
  readonly counts: RowCounts | null;
}

/** A file that was looked at. */
interface Seen {
  readonly uri: vscode.Uri;
  /** Inode, size and time of the last write. */
  readonly stamp: string;
  /** Null: it holds no preference data. */
  readonly look: Look | null;
  readonly tally: RowTally;
}

/**
 * The files of the workspace that may hold preference data, kept up to date with bounded work: a few hundred are looked
 * at, a few at a time, each again only when it has changed; rows are counted one file after the other, and appended
 * rows alone are read.
 */
export class DatasetsModel implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChange = this.emitter.event;
  private readonly watchers: readonly vscode.Disposable[];
  private readonly stopping = new AbortController();
  /** By path relative to the workspace. */
  private found = new Map<string, vscode.Uri>();
  private seen: ReadonlyMap<string, Seen> = new Map();
  private readonly counts = new Map<string, RowCounts>();
  private readonly uncounted = new Set<string>();
  private first: Promise<void> | null = null;
  private working: Promise<void> = Promise.resolve();
  private round: NodeJS.Timeout | null = null;
  private news: NodeJS.Timeout | null = null;
  private told = '';
  private counting: Promise<void> | null = null;
  /** Files that are not looked at. */
  more = 0;

  constructor(
    private readonly memory: vscode.Memento,
    private readonly log: Log,
  ) {
    const watcher = vscode.workspace.createFileSystemWatcher(dataGlob);
    this.watchers = [
      watcher,
      watcher.onDidCreate((uri) => this.touch(uri)),
      watcher.onDidChange((uri) => this.touch(uri)),
      watcher.onDidDelete((uri) => this.touch(uri)),
      // Watchers tell nothing of files in a folder that was deleted or renamed as a whole.
      vscode.workspace.onDidDeleteFiles(() => this.refreshLater()),
      vscode.workspace.onDidRenameFiles(() => this.refreshLater()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.refreshLater()),
    ];
  }

  /** The list, once it was made. */
  async ready(): Promise<readonly Dataset[]> {
    await (this.first ??= this.refresh());
    return this.datasets;
  }

  /** What can be read first, then what cannot, each by path. */
  get datasets(): readonly Dataset[] {
    const listed = [...this.seen].flatMap(([path, { uri, look }]) =>
      look ? [{ uri, look, counts: this.counts.get(path) ?? null }] : [],
    );
    const rank = ({ look }: Dataset): number => (look.kind === 'unread' ? 1 : 0);
    return listed.sort((a, b) => rank(a) - rank(b) || (a.uri.path < b.uri.path ? -1 : 1));
  }

  /** Resolves when every file that is listed is counted. */
  async counted(): Promise<void> {
    await this.counting;
  }

  /** The one folder that is listed, relative to the workspace; null: all of it. */
  get folder(): string | null {
    return this.memory.get<string | null>(folderKey, null);
  }

  async choose(folder: string | null): Promise<void> {
    await this.memory.update(folderKey, folder);
    await this.refresh();
  }

  /** Folders that hold files, with how many. */
  folders(): ReturnType<typeof foldersOf> {
    return foldersOf([...this.found.keys()]);
  }

  /** Finds the files again, and looks at those that are new or have changed. */
  refresh(): Promise<void> {
    return this.inTurn(() => this.find());
  }

  private async find(): Promise<void> {
    const uris = await vscode.workspace.findFiles(dataGlob, excluded, maxFound);
    this.found = new Map(uris.map((uri) => [vscode.workspace.asRelativePath(uri), uri]));
    await this.relist();
    this.log.info(
      `Datasets: ${this.datasets.length} of ${uris.length} files may hold preference data, ${this.more} were not looked at`,
    );
  }

  /** Reads every file again. */
  reread(): Promise<void> {
    return this.inTurn(async () => {
      this.seen = new Map();
      this.counts.clear();
      await this.find();
    });
  }

  dispose(): void {
    this.stopping.abort();
    for (const timer of [this.round, this.news]) if (timer) clearTimeout(timer);
    for (const watcher of this.watchers) watcher.dispose();
    this.emitter.dispose();
  }

  private touch(uri: vscode.Uri): void {
    // Events and rewards of runs are JSONL too, and change all the time.
    if (/\/(?:\.margin|\.git|node_modules)\//.test(uri.path)) return;
    const path = vscode.workspace.asRelativePath(uri);
    this.found.set(path, uri);
    this.soon(() => this.relist());
  }

  private refreshLater(): void {
    this.soon(() => this.find());
  }

  /** A round is not put off by further events, so that a file that never rests is listed too. */
  private soon(work: () => Promise<void>): void {
    this.round ??= setTimeout(() => {
      this.round = null;
      this.inTurn(work).catch((error: unknown) => logError(this.log, error));
    }, roundMs);
  }

  /** Lists are made one after the other. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.working.then(work);
    // Whoever asked for the turn is told of its failure; the next one goes on.
    this.working = turn.catch(() => undefined);
    return turn;
  }

  /** Looks at the files to be listed, a few at a time; those that have not changed stay as they were seen. */
  private async relist(): Promise<void> {
    const { folder } = this;
    const paths = [...this.found.keys()].filter((path) => folder === null || path.startsWith(`${folder}/`));
    const { looked, more } = candidates(paths);
    const seen = await inTurns(looked, atOnce, async (path) => [path, await this.look(path)] as const);
    this.seen = new Map(seen.flatMap(([path, one]) => (one ? [[path, one]] : [])));
    this.more = more;
    this.tell();
    this.count();
  }

  private async look(path: string): Promise<Seen | null> {
    const uri = this.found.get(path);
    if (!uri) return null;
    const before = this.seen.get(path);
    try {
      const { size, mtimeMs, ino } = await stat(uri.fsPath);
      const stamp = `${ino}:${size}:${mtimeMs}`;
      if (before?.stamp === stamp) return before;
      const look = await lookAtFile(uri.fsPath);
      const tally = before?.tally ?? new RowTally(uri.fsPath);
      // Written in place, to the same length: nothing tells which rows are new.
      if (before && sizeOf(before.stamp) === String(size)) tally.forget();
      if (look && look.kind !== 'unread') this.uncounted.add(path);
      else this.counts.delete(path);
      return { uri, stamp, look, tally };
    } catch (error) {
      return this.unreadable(path, uri, error);
    }
  }

  /** A file that is gone is not listed any more; one that cannot be read is, with the reason. */
  private unreadable(path: string, uri: vscode.Uri, error: unknown): Seen | null {
    this.counts.delete(path);
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'missing') {
      this.found.delete(path);
      return null;
    }
    const reason = errorMessage(error);
    return { uri, stamp: '', look: { kind: 'unread', reason, rows: false }, tally: new RowTally(uri.fsPath) };
  }

  /** Counts what is to be counted, one file after the other; a file that changes meanwhile comes again at the end. */
  private count(): void {
    this.counting ??= this.countAll().finally(() => (this.counting = null));
  }

  private async countAll(): Promise<void> {
    const { signal } = this.stopping;
    for (const path of this.uncounted) {
      this.uncounted.delete(path);
      try {
        const counts = await this.seen.get(path)?.tally.advance(signal);
        if (counts) this.counts.set(path, counts);
      } catch (error) {
        if (signal.aborted) return;
        // A file that cannot be read to its end is a dataset without counts; the editor says what is wrong with it.
        logError(this.log, error);
      }
      this.news ??= setTimeout(() => {
        this.news = null;
        this.tell();
      }, newsMs);
    }
  }

  /**
   * Tells of the list where it differs from what was told last: news of a row that is being clicked take the click from
   * it.
   */
  private tell(): void {
    const list = JSON.stringify([this.datasets, this.more]);
    if (list === this.told) return;
    this.told = list;
    this.emitter.fire();
  }
}

const sizeOf = (stamp: string): string | undefined => stamp.split(':')[1];
