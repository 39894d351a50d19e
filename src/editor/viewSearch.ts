import type { Edit } from '../pairs/edits';
import type { View } from '../protocol/pairEditor';
import { RowSearch, type SearchedRows } from './rowSearch';
import type { ShownRows } from './shownRows';

/** A search that takes longer continues after the answer to its request. */
const answerMs = 150;

export interface SearchEvents {
  /** Whether the whole file is checked. */
  readonly areChecked: () => boolean;
  /** Called when other rows are shown than before. */
  readonly replaced: () => void;
  /** Called when rows were found, or searched. */
  readonly progressed: () => void;
  readonly failed: (error: unknown) => void;
}

/** The rows that a view shows, from its latest search. A new search ends the one before. */
export class ViewSearch {
  private search: RowSearch;
  /** Whether the search began before the file was checked. */
  private began: 'checked' | 'unchecked' = 'checked';
  private running = new AbortController();
  private orders = 0;

  constructor(
    private view: View,
    private readonly searched: SearchedRows,
    private readonly events: SearchEvents,
  ) {
    this.search = new RowSearch(view, searched);
  }

  get shown(): ShownRows {
    return this.search.shown;
  }

  /** Changes whenever rows may have moved to other places in the list; see `Overview.order`. */
  get order(): number {
    return this.orders;
  }

  /** Rows looked at so far; null if all were. */
  get progress(): number | null {
    return this.search.progress;
  }

  /**
   * Searches for the rows of a view. Settles when the search ends or takes long; then it continues in the background.
   *
   * @throws BadQuery
   */
  async find(view: View, signal?: AbortSignal): Promise<void> {
    this.view = view;
    this.began = this.events.areChecked() ? 'checked' : 'unchecked';
    this.running.abort();
    const { signal: ended } = (this.running = new AbortController());
    signal?.addEventListener('abort', () => this.running.abort(), { once: true });
    const search = (this.search = new RowSearch(view, this.searched));
    this.orders++;
    this.events.replaced();
    const done = search.run(this.events.progressed, ended).then(() => {
      this.events.replaced();
      this.events.progressed();
    });
    // A newer search replaces an aborted one.
    done.catch((error: unknown) => ended.aborted || this.events.failed(error));
    await Promise.race([done.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, answerMs))]);
  }

  /**
   * Searches again where the result depends on what has changed: the problems of rows, their rewards, or the file that
   * they are compared with.
   */
  async factsChanged(changed: 'problems' | 'rewards' | 'comparison'): Promise<void> {
    if (changed === 'comparison' && !this.search.dependsOnChanges) return;
    if (changed === 'problems' && this.began === 'checked') return;
    if (changed === 'comparison' || this.search.dependsOnFacts) await this.find(this.view);
  }

  /** Searches again if the result depends on the train config, which is another one now. */
  async tokensChanged(): Promise<void> {
    if (this.search.dependsOnTokens) await this.find(this.view);
  }

  again(): Promise<void> {
    return this.find(this.view);
  }

  apply(edit: Edit): void {
    if (edit.op !== 'replace') this.orders++;
    this.search.apply(edit);
  }

  grow(total: number): void {
    this.search.grow(total);
  }

  stop(): void {
    this.running.abort();
  }
}
