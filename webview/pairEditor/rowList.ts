import { must } from '../../src/base/pure/must';
import { isUsual, type ListLayout, usualLayout, widened } from '../../src/pairs/listColumns/layout';
import type { Overview, RowSummary, View } from '../../src/protocol/pairEditor';
import { h } from '../shared/dom';
import { PageCache } from '../shared/pageCache';
import { VirtualList } from '../shared/virtualList';
import { columnsOf, fitting, type ShownColumn, tracksOf, wantedWidth } from './columns/fit';
import { ListHead } from './columns/listHead';
import { askedColumns, drawCells, type RowLook } from './columns/rowCells';
import { strings } from './strings';

/** Most pages kept. */
const maxPages = 40;

export interface RowListOptions {
  /** @param columns ids of columns whose cells are wanted */
  readonly rows: (from: number, count: number, columns: readonly string[]) => Promise<readonly RowSummary[]>;
  readonly select: (index: number) => void;
  readonly open: () => void;
  /** Called when several rows are selected, or no longer; without it, one row is selected at a time. */
  readonly picked?: (count: number) => void;
  readonly scrolled: (position: number) => void;
  readonly sort: (column: View['sort']) => void;
  /** Called when a person changes the width of a column; without it, the list has its usual columns. */
  readonly laidOut?: (layout: ListLayout, changed: { readonly title: string; readonly width: number }) => void;
  /** Called when a page of rows does not arrive. */
  readonly failed: (error: unknown) => void;
}

/** The list of rows. It asks the host for pages as they scroll into view. */
export class RowList {
  readonly element: HTMLElement;
  readonly list: VirtualList;
  private readonly head: ListHead;
  private readonly pages = new PageCache<RowSummary>(maxPages);
  private layout = usualLayout;
  private look: RowLook = { columns: [], asked: [], widest: 0 };
  private scored = false;
  private revision = -1;
  private view: View = { filter: '', sort: 'row', descending: false, rewards: null, before: null };

  constructor(private readonly options: RowListOptions) {
    const { picked, laidOut } = options;
    this.list = new VirtualList({
      label: strings.list,
      draw: (element, index) => this.drawRow(element, index),
      visible: (from, count) => this.visible(from, count),
      select: options.select,
      open: options.open,
      ...(picked && { picked: ({ count }) => picked(count) }),
    });
    const widen = (id: string, width: number | null): void => this.widen(id, width);
    this.head = new ListHead({ sort: options.sort, ...(laidOut && { widen }) });
    this.element = h('nav', { class: 'side' }, this.head.element, this.list.element);
    if (laidOut) {
      this.head.element.id = 'list-head';
      // The head is a row of the grid, and stays in sight while the rows scroll.
      this.list.element.setAttribute('aria-owns', this.head.element.id);
    }
    new ResizeObserver(() => this.drawColumns()).observe(this.element);
  }

  /** Shows other columns. */
  setLayout(layout: ListLayout): void {
    this.layout = layout;
    this.drawColumns();
  }

  refresh({ listRevision, rows, shown, rewards, widest }: Overview, view: View): void {
    // While a file is read it grows ten times a second. Asking for all rows again each time would leave the list blank.
    if (view.filter !== this.view.filter) this.pages.clear();
    else if (listRevision !== this.revision) this.pages.outdate();
    this.revision = listRevision;
    this.view = view;
    this.look = { ...this.look, widest };
    this.scored = rewards !== null;
    this.element.classList.toggle('scored', this.scored);
    this.element.style.setProperty('--digits', String(String(rows).length));
    this.drawColumns();
    this.list.setCount(shown);
  }

  /** The row of the file at an index of the list. */
  async rowAt(index: number): Promise<number> {
    const row = this.pages.currentRow(index) ?? (await this.options.rows(index, 1, []))[0];
    return must(row, `Row ${index} of the list`).row;
  }

  private visible(from: number, count: number): void {
    this.options.scrolled(this.list.position);
    const { rows, failed } = this.options;
    const { asked } = this.look;
    const ask = (first: number, most: number): Promise<readonly RowSummary[]> => rows(first, most, asked);
    this.pages.fill(from, count, { ask, arrived: () => this.list.refresh(), failed });
  }

  /** Lays out the columns that fit. Those of the usual layout always do: the style sheet has their widths. */
  private drawColumns(): void {
    const usual = isUsual(this.layout);
    const all = columnsOf(this.layout, this.scored);
    this.element.classList.toggle('own-columns', !usual);
    this.element.style.setProperty('--wanted', `${wantedWidth(all)}px`);
    const shown = usual ? all : fitting(all, this.element.clientWidth, this.view.sort);
    this.element.style.setProperty('--tracks', tracksOf(shown));
    const hidden = all.filter((column) => !shown.includes(column)).map(({ title }) => title);
    this.head.draw({ columns: shown, hidden, isUsual: usual, view: this.view });
    this.ask(shown, askedColumns(all));
    this.list.refresh();
  }

  /** The cells of all columns are asked for, so that a wider list need not ask again. */
  private ask(columns: readonly ShownColumn[], asked: readonly string[]): void {
    if (asked.join('\n') !== this.look.asked.join('\n')) this.pages.clear();
    this.look = { ...this.look, columns, asked };
  }

  private widen(id: string, width: number | null): void {
    this.setLayout(widened(this.layout, id, width));
    const {
      title,
      width: usual,
      own,
    } = must(
      columnsOf(this.layout, true).find((column) => column.id === id),
      `the column ${id}`,
    );
    this.options.laidOut?.(this.layout, { title, width: own ?? usual });
  }

  private drawRow(element: HTMLElement, index: number): void {
    const row = this.pages.row(index);
    element.classList.add('pair-row');
    if (row) drawCells(element, row, this.look);
  }
}
