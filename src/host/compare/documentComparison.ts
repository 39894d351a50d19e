import * as vscode from 'vscode';
import type { ComparisonOverview } from '../../protocol/comparison';
import type { ChangeKind } from '../../pairs/compare/changeKind';
import type { Notices } from '../notices';
import type { PairDocument } from '../pairEditor/pairDocument';
import type { PairViewServices } from '../pairEditor/pairViewServices';
import { type ComparedSource, openSource, type Opponent } from './comparedSource';
import { RowComparison } from './rowComparison';

/** The rows that a document is compared with, and the result. */
export interface Comparing {
  readonly opponent: Opponent;
  readonly source: ComparedSource;
  readonly rows: RowComparison;
}

/**
 * What changed. `started`: a comparison with something else begins, or the last one is closed. `progress`: more rows
 * were compared. `compared`: there is a new result, or it failed.
 */
export type ComparisonChange = 'started' | 'progress' | 'compared';

/** The comparison of an open document, if there is one. */
export class DocumentComparison implements vscode.Disposable {
  private now: Comparing | null = null;
  private starting: AbortController | null = null;
  private renewing: AbortController | null = null;
  /** Settles when the newest {@link start} ends. */
  private started: Promise<unknown> = Promise.resolve();
  private share = 0;
  /** Whether a comparison has failed or was ended, so that the filter that began it does not begin it again. */
  private refused = false;
  private readonly changed = new vscode.EventEmitter<ComparisonChange>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly document: PairDocument,
    private readonly services: PairViewServices,
  ) {}

  get current(): Comparing | null {
    return this.now;
  }

  /** Whether no comparison is running. */
  get isSettled(): boolean {
    return this.starting === null && (this.now === null || this.now.rows.result !== null);
  }

  get overview(): ComparisonOverview | null {
    const { now, starting, share } = this;
    if (now === null && starting === null) return null;
    return { name: now && now.source.name, counts: now && now.rows.counts, share: starting === null ? null : share };
  }

  kindsOf(row: number): readonly ChangeKind[] {
    return this.now === null ? [] : this.now.rows.kindsOf(row);
  }

  /**
   * Compares the document with something else, with progress and *Cancel*. The comparison before ends.
   *
   * @returns whether it was not cancelled
   * @throws MarginError as `openSource`, and errors of reading
   */
  async start(opponent: Opponent): Promise<boolean> {
    this.end();
    this.refused = false;
    const starting = (this.starting = new AbortController());
    const title = `Comparing ${vscode.workspace.asRelativePath(this.document.uri)}`;
    try {
      await this.notices.progress(title, (report, token) => {
        token.onCancellationRequested(() => starting.abort(new vscode.CancellationError()));
        const compared = this.compare(opponent, starting, report);
        this.started = compared.catch(() => undefined);
        return compared;
      });
      return true;
    } catch (error) {
      const isCancelled = starting.signal.aborted;
      // Another comparison may have begun.
      if (this.starting === starting) this.stop();
      if (isCancelled) return false;
      throw error;
    } finally {
      if (this.starting === starting) this.starting = null;
      this.changed.fire('compared');
    }
  }

  /**
   * Called with each filter of a view. If it asks for changes and the document is compared with nothing, it is compared
   * with the last commit.
   */
  wanted(isWanted: boolean): void {
    if (!isWanted) this.refused = false;
    if (!isWanted || this.refused || this.starting !== null || this.now !== null) return;
    this.start({ kind: 'head' }).catch(this.notices.error);
  }

  /** Ends the comparison. */
  stop(): void {
    this.end();
    this.refused = true;
    this.changed.fire('started');
  }

  /** Compares again, because rows are read in another way. */
  again(): void {
    if (this.now === null) return;
    this.now.source.document.reading = this.document.reading;
    this.now.rows.again();
    if (this.renewing !== null) this.sourceChanged();
  }

  dispose(): void {
    this.end();
    this.changed.dispose();
  }

  private get notices(): Notices {
    return this.services.notices;
  }

  private end(): void {
    this.renewing?.abort(new vscode.CancellationError());
    this.renewing = null;
    this.starting?.abort(new vscode.CancellationError());
    this.starting = null;
    if (this.now !== null) close(this.now);
    this.now = null;
  }

  /** Called when there is a new commit, or the other file was written. */
  private readonly sourceChanged = (): void => {
    this.renewing?.abort(new vscode.CancellationError());
    const renewing = (this.renewing = new AbortController());
    this.renew(renewing.signal).catch((error: unknown) => {
      if (renewing.signal.aborted) return;
      // What was compared is gone: the file may not be in the new commit.
      this.stop();
      this.notices.error(error);
    });
  };

  /** Compares with the new rows. The result before stays until then, so that the list does not become empty. */
  private async renew(signal: AbortSignal): Promise<void> {
    await this.started;
    if (signal.aborted || this.now === null) return;
    const next = await this.open(this.now.opponent, signal);
    try {
      await next.rows.run(() => undefined, signal);
      signal.throwIfAborted();
    } catch (error) {
      close(next);
      throw error;
    }
    this.renewing = null;
    this.end();
    this.now = next;
    this.changed.fire('started');
  }

  private async compare(
    opponent: Opponent,
    { signal }: AbortController,
    report: (message: string, increment: number) => void,
  ): Promise<void> {
    this.share = 0;
    this.changed.fire('started');
    this.now = await this.open(opponent, signal);
    await this.now.rows.run((share) => {
      const percent = Math.floor(100 * share);
      if (percent === Math.floor(100 * this.share)) return;
      report(`${percent} %`, percent - Math.floor(100 * this.share));
      this.share = share;
      this.changed.fire('progress');
    }, signal);
  }

  /** @throws as `openSource`; the signal's reason if it was aborted */
  private async open(opponent: Opponent, signal: AbortSignal): Promise<Comparing> {
    const { document } = this;
    const source = await openSource(document, opponent, this.services, signal, this.sourceChanged);
    if (signal.aborted) {
      source.close();
      throw signal.reason;
    }
    const rows = new RowComparison({
      lines: document.lines,
      before: source.document.lines,
      pages: this.services.pageColumns,
      reading: () => document.reading,
      readingBefore: () => source.document.reading,
      changed: () => this.changed.fire('compared'),
      failed: this.notices.error,
    });
    return { opponent, source, rows };
  }
}

function close({ source, rows }: Comparing): void {
  rows.close();
  source.close();
}
