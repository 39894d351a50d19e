export const pageSize = 100;

interface Page<Row> {
  readonly rows: readonly Row[];
  /** The generation in which the page was asked for. */
  readonly generation: number;
}

/** Where pages come from, and what is called when they arrive. */
export interface PageSource<Row> {
  /** Asks for rows; `from` is the start of a page. */
  readonly ask: (from: number, count: number) => Promise<readonly Row[]>;
  readonly arrived: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Rows of a long list, kept in pages of {@link pageSize}. After {@link outdate}, old pages stay visible until their
 * replacement arrives.
 */
export class PageCache<Row> {
  private pages = new Map<number, Page<Row>>();
  private readonly asked = new Set<number>();
  private current = 0;
  /** The first generation of this list. */
  private first = 0;

  /**
   * @param maxPages most pages kept; the page that was requested first is dropped first
   */
  constructor(private readonly maxPages: number) {}

  /** Changes with each {@link outdate}. */
  get generation(): number {
    return this.current;
  }

  /** Asks for the pages that a range of rows still needs. A page that fails is asked for again the next time. */
  fill(from: number, count: number, { ask, arrived, failed }: PageSource<Row>): void {
    const { generation } = this;
    for (const page of this.take(from, count))
      ask(page * pageSize, pageSize).then(
        (rows) => this.put(page, rows, generation) && arrived(),
        (error: unknown) => {
          this.failed(page, generation);
          failed(error);
        },
      );
  }

  /** Numbers of the pages that a range of rows still needs. Counts them as asked for. */
  take(from: number, count: number): number[] {
    const wanted: number[] = [];
    for (let page = Math.floor(from / pageSize); page * pageSize < from + count; page++) {
      if (this.asked.has(page) || this.holds(page, Math.min(pageSize, from + count - page * pageSize))) continue;
      this.asked.add(page);
      wanted.push(page);
    }
    return wanted;
  }

  /**
   * Stores a page, also one from before a change: old rows are better than none until the new ones arrive, and the next
   * {@link take} asks for these.
   *
   * @returns false if a newer page is there, or the rows are those of another list
   */
  put(page: number, rows: readonly Row[], generation: number): boolean {
    const known = this.pages.get(page);
    if (generation < this.first || (known && known.generation > generation)) return false;
    if (generation === this.current) this.asked.delete(page);
    this.pages.delete(page);
    this.pages.set(page, { rows, generation });
    for (const old of this.pages.keys()) if (this.pages.size > this.maxPages) this.pages.delete(old);
    return true;
  }

  /** A page did not arrive: the next {@link take} asks for it again. */
  failed(page: number, generation: number): void {
    if (generation === this.current) this.asked.delete(page);
  }

  /** The row at an index, perhaps outdated; undefined if its page is not there. */
  row(index: number): Row | undefined {
    return this.pages.get(Math.floor(index / pageSize))?.rows[index % pageSize];
  }

  /** The row at an index, if its page is up to date. */
  currentRow(index: number): Row | undefined {
    return this.pages.get(Math.floor(index / pageSize))?.generation === this.current ? this.row(index) : undefined;
  }

  /** The rows have changed: every page must be asked for again. */
  outdate(): void {
    this.current++;
    this.asked.clear();
  }

  /** The rows are those of another list, so all pages are dropped. */
  clear(): void {
    this.outdate();
    this.first = this.current;
    this.pages.clear();
  }

  /** Whether the first `count` rows of a page are up to date. The last page of a growing list is short for a while. */
  private holds(page: number, count: number): boolean {
    const known = this.pages.get(page);
    return known !== undefined && known.generation === this.current && known.rows.length >= count;
  }
}
