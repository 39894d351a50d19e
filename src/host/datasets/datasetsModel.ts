import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { inTurns } from '../../base/pure/inTurns';
import { TaskQueue } from '../../base/pure/taskQueue';
import { errorCode, errorMessage } from '../../base/pure/marginError';
import { sameJson } from '../../pairs/json';
import type { Reading } from '../../pairs/reading';
import { type Log, logError } from '../notices';
import type { Readings } from '../reading/readings';
import { candidates, foldersOf } from './candidates';
import { type Look, lookAtFile } from './lookAtFile';
import { dataGlob } from './mayHold';
import { type RowCounts, RowTally } from './rowTally';

const excluded = '**/{node_modules,.git,.margin}/**';
/** Most files that a search of the workspace returns. */
const maxFound = 50_000;
/** Files that are open at a time. */
const atOnce = 8;
/** A file may change many times a second, so changed files are read again at this pace. */
const roundMs = 500;
/** Pace at which new counts reach the view. */
const newsMs = 1000;
const folderKey = 'datasetsFolder';

/** A file of the workspace that may hold preference data. */
export interface Dataset {
  readonly uri: vscode.Uri;
  readonly look: Look;
  /** Null until the rows are counted, and if the file cannot be read to its end. */
  readonly counts: RowCounts | null;
}

/** A file whose start was read, with the result. */
interface Seen {
  readonly uri: vscode.Uri;
  /** Inode, size and time of the last write: the same stamp means the same content. */
  readonly stamp: string;
  readonly reading: Reading;
  /** Null if the file holds no preference data. */
  readonly look: Look | null;
  readonly tally: RowTally;
}

/**
 * The files of the workspace that may hold preference data. Watchers keep the list up to date, and the work is bounded:
 * it reads the start of a few hundred files, a few at a time, and reads a file again only when it has changed. It
 * counts rows in one file after the other. If a file grows, it reads only the new rows.
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
  private readonly queue = new TaskQueue();
  private round: NodeJS.Timeout | null = null;
  private news: NodeJS.Timeout | null = null;
  private shown = '';
  private counting: Promise<void> | null = null;
  /** Number of files that were not looked at. */
  more = 0;

  constructor(
    private readonly memory: vscode.Memento,
    private readonly readings: Readings,
    private readonly log: Log,
  ) {
    const watcher = vscode.workspace.createFileSystemWatcher(dataGlob);
    this.watchers = [
      watcher,
      watcher.onDidCreate((uri) => this.touch(uri)),
      watcher.onDidChange((uri) => this.touch(uri)),
      watcher.onDidDelete((uri) => this.touch(uri)),
      // Watchers do not report the files of a folder that is deleted or renamed as a whole.
      readings.onDidChange(() => this.soon(() => this.relist())),
      vscode.workspace.onDidDeleteFiles(() => this.refreshLater()),
      vscode.workspace.onDidRenameFiles(() => this.refreshLater()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.refreshLater()),
    ];
  }

  /** The list. Resolves when it was made for the first time. */
  async ready(): Promise<readonly Dataset[]> {
    await (this.first ??= this.refresh());
    return this.datasets;
  }

  /** The readable files, then the unreadable ones, both by path. */
  get datasets(): readonly Dataset[] {
    const listed = [...this.seen].flatMap(([path, { uri, look }]) =>
      look ? [{ uri, look, counts: this.counts.get(path) ?? null }] : [],
    );
    const rank = ({ look }: Dataset): number => (look.kind === 'unread' ? 1 : 0);
    return listed.sort((a, b) => rank(a) - rank(b) || (a.uri.path < b.uri.path ? -1 : 1));
  }

  /** Resolves when the rows of every listed file are counted. */
  async counted(): Promise<void> {
    await this.counting;
  }

  /** The one folder whose files are listed, relative to the workspace; null if all are. */
  get folder(): string | null {
    return this.memory.get<string | null>(folderKey, null);
  }

  async choose(folder: string | null): Promise<void> {
    await this.memory.update(folderKey, folder);
    await this.refresh();
  }

  /** Folders that hold files, with the number of files. */
  folders(): ReturnType<typeof foldersOf> {
    return foldersOf([...this.found.keys()]);
  }

  /** Searches for files again, and looks at the new and the changed ones. */
  refresh(): Promise<void> {
    return this.queue.run(() => this.find());
  }

  private async find(): Promise<void> {
    const uris = await vscode.workspace.findFiles(dataGlob, excluded, maxFound);
    this.found = new Map(uris.map((uri) => [vscode.workspace.asRelativePath(uri), uri]));
    await this.relist();
    this.log.info(
      `Datasets: ${this.datasets.length} of ${uris.length} files may hold preference data, ${this.more} were not looked at`,
    );
  }

  /** Searches again, and reads every file, changed or not. */
  reread(): Promise<void> {
    return this.queue.run(async () => {
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
    // Events and rewards of runs are JSONL as well, and change all the time.
    if (/\/(?:\.margin|\.git|node_modules)\//.test(uri.path)) return;
    const path = vscode.workspace.asRelativePath(uri);
    this.found.set(path, uri);
    this.soon(() => this.relist());
  }

  private refreshLater(): void {
    this.soon(() => this.find());
  }

  /** Further events do not delay the work. Otherwise a file that never stops changing would not be listed. */
  private soon(work: () => Promise<void>): void {
    this.round ??= setTimeout(() => {
      this.round = null;
      this.queue.run(work).catch((error: unknown) => logError(this.log, error));
    }, roundMs);
  }

  /** Looks at the files to list, a few at a time. An unchanged file keeps its earlier result. */
  private async relist(): Promise<void> {
    const { folder } = this;
    const paths = [...this.found.keys()].filter((path) => folder === null || path.startsWith(`${folder}/`));
    const { looked, more } = candidates(paths);
    const seen = await inTurns(looked, atOnce, async (path) => [path, await this.look(path)] as const);
    this.seen = new Map(seen.flatMap(([path, one]) => (one ? [[path, one]] : [])));
    this.more = more;
    this.notify();
    this.count();
  }

  private async look(path: string): Promise<Seen | null> {
    const uri = this.found.get(path);
    if (!uri) return null;
    const before = this.seen.get(path);
    try {
      const { size, mtimeMs, ino } = await stat(uri.fsPath);
      const stamp = `${ino}:${size}:${mtimeMs}`;
      const reading = this.readings.of(uri);
      const same = before !== undefined && sameJson(before.reading, reading);
      if (same && before.stamp === stamp) return before;
      const look = await lookAtFile(uri.fsPath, reading);
      const tally = same ? before.tally : new RowTally(uri.fsPath, reading);
      // The file was rewritten in place with the same length, so the new rows are not known.
      if (before && sizeOf(before.stamp) === String(size)) tally.forget();
      if (look && look.kind !== 'unread') this.uncounted.add(path);
      else this.counts.delete(path);
      return { uri, stamp, reading, look, tally };
    } catch (error) {
      return this.unreadable(path, uri, error);
    }
  }

  /** Drops a missing file from the list. An unreadable file stays, with the reason. */
  private unreadable(path: string, uri: vscode.Uri, error: unknown): Seen | null {
    this.counts.delete(path);
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'missing') {
      this.found.delete(path);
      return null;
    }
    const reason = errorMessage(error);
    const reading = this.readings.of(uri);
    return {
      uri,
      stamp: '',
      reading,
      look: { kind: 'unread', reason, rows: false },
      tally: new RowTally(uri.fsPath, reading),
    };
  }

  /**
   * Counts the uncounted files, one after the other. A file that changes during the count is counted again at the end.
   */
  private count(): void {
    this.counting ??= this.countAll()
      .catch((error: unknown) => logError(this.log, error))
      .finally(() => (this.counting = null));
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
        // A file that cannot be read to its end stays without counts. The editor shows what is wrong with it.
        logError(this.log, error);
      }
      this.news ??= setTimeout(() => {
        this.news = null;
        this.notify();
      }, newsMs);
    }
  }

  /**
   * Fires only if the list differs from the last one that listeners saw: a row that is redrawn while the person clicks
   * it loses the click.
   */
  private notify(): void {
    const list = JSON.stringify([this.datasets, this.more]);
    if (list === this.shown) return;
    this.shown = list;
    this.emitter.fire();
  }
}

const sizeOf = (stamp: string): string | undefined => stamp.split(':')[1];
