import { PageCache, pageSize } from '../shared/pageCache';
import { VirtualList } from '../shared/virtualList';

/** At most this many pages stay in memory. */
const maxPages = 40;

export interface RowSource<Row> {
  readonly label: string;
  /** The prefix of the ids of its rows. */
  readonly name: string;
  readonly draw: (element: HTMLElement, row: Row) => void;
  readonly open: (row: Row) => void;
  readonly failed: (error: unknown) => void;
}

/** A list of pairs that are read page by page. Enter opens one. */
export class RowList<Row> {
  readonly element: HTMLElement;
  private readonly pages = new PageCache<Row>(maxPages);
  private readonly list: VirtualList;
  private ask: (from: number, count: number) => Promise<readonly Row[]> = () => Promise.resolve([]);

  constructor(private readonly source: RowSource<Row>) {
    this.list = new VirtualList({
      label: source.label,
      name: source.name,
      draw: (element, index) => {
        const row = this.pages.row(index);
        if (row) source.draw(element, row);
      },
      visible: (from, count) => this.need(from, count),
      select: () => undefined,
      open: (index) => {
        const row = this.pages.row(index);
        if (row) source.open(row);
      },
    });
    this.element = this.list.element;
  }

  show(count: number, ask: (from: number, count: number) => Promise<readonly Row[]>): void {
    this.ask = ask;
    this.pages.clear();
    this.list.setCount(count);
    this.list.position = 0;
    this.list.mark(count === 0 ? -1 : 0);
  }

  private need(from: number, count: number): void {
    this.pages.fill(from, Math.max(1, Math.min(count, pageSize)), {
      ask: (start, most) => this.ask(start, most),
      arrived: () => this.list.refresh(),
      failed: this.source.failed,
    });
  }
}
