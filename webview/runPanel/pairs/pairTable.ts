import { type FileNumber, isFileNumber, type ShownNumber } from '../../../src/pairs/fileNumber';
import type { PairsPage, PairsQuery, RewardRow } from '../../../src/protocol/runPanel';
import { h, replace } from '../../shared/dom';
import { marginBar } from '../../shared/marginBar';
import { PageCache, pageSize } from '../../shared/pageCache';
import { sortMark } from '../../shared/sorting';
import { VirtualList } from '../../shared/virtualList';
import { strings } from '../strings';
import { type ColumnItem, ColumnMenu } from './columnMenu';
import { numberName } from './numberNames';
import {
  type ColumnId,
  crowdedOut,
  fittingColumns,
  isMargin,
  numberIn,
  numberText,
  optionalNumbers,
  tracksOf,
} from './pairColumns';
import { pairStrings } from './pairStrings';

/** At most this many pages stay in memory. */
const maxPages = 40;

export interface TableActions {
  readonly page: (query: PairsQuery) => Promise<PairsPage>;
  readonly sort: (number: ShownNumber) => void;
  readonly select: (row: RewardRow) => void;
  readonly open: (row: RewardRow) => void;
  readonly tokens: (row: RewardRow) => void;
  /** Shows or hides a column. */
  readonly toggle: (column: ColumnItem) => void;
  readonly failed: (error: unknown) => void;
}

/** The pairs of a query as a table: it asks for the rows in view, and shows the columns that fit. */
export class PairTable {
  readonly element = h('div', { class: 'pairs-table' });
  private readonly head = h('div', { class: 'pairs-head' });
  private readonly menu: ColumnMenu;
  private readonly list: VirtualList;
  private readonly pages = new PageCache<RewardRow>(maxPages);
  private query: PairsQuery | null = null;
  private known: ReadonlySet<ShownNumber> = new Set();
  private hidden: ReadonlySet<ShownNumber> = new Set();
  private offered: readonly FileNumber[] = [];
  private columns: readonly ColumnId[] = [];
  private widest = 1;
  private drawnHead = '';

  constructor(private readonly actions: TableActions) {
    this.menu = new ColumnMenu(actions.toggle);
    this.list = new VirtualList({
      label: strings.pairs.label,
      draw: (element, index) => this.drawRow(element, index),
      visible: (from, count) => this.need(from, count),
      select: (index) => this.withRow(index, actions.select),
      open: (index) => this.withRow(index, actions.open),
    });
    this.list.element.addEventListener('keydown', (event) => {
      const { key, ctrlKey, altKey, metaKey } = event;
      if (key.toLowerCase() === 't' && !ctrlKey && !altKey && !metaKey) this.tokens();
    });
    replace(this.element, h('div', { class: 'pairs-top' }, this.head, this.menu.element), this.list.element);
    new ResizeObserver(() => this.fit()).observe(this.element);
  }

  /** Shows the first page of a query. @param known numbers that its pairs have */
  show(query: PairsQuery, first: PairsPage, known: ReadonlySet<ShownNumber>): void {
    this.query = query;
    this.pages.clear();
    this.pages.put(0, first.rows, this.pages.generation);
    this.known = known;
    this.fit();
    this.list.setCount(first.shown);
    this.list.refresh();
  }

  /** The largest margin on either side, which is the scale of all bars. */
  scale(widest: number): void {
    this.widest = widest;
  }

  /** Offers the columns of the dataset. */
  offer(columns: readonly FileNumber[]): void {
    this.offered = columns;
    this.fit();
  }

  /** Hides columns that the person does not want. */
  hide(hidden: readonly ShownNumber[]): void {
    this.hidden = new Set(hidden);
    this.fit();
  }

  /** Selects a row and scrolls to it; −1: none. */
  select(index: number): void {
    this.list.show(index);
  }

  /** Selects a row where it is, without scrolling; −1: none. */
  mark(index: number): void {
    this.list.mark(index);
  }

  /** Gives the list the focus. */
  focus(): void {
    this.list.element.focus();
  }

  /** Shows the tokens of the selected pair, or of the first. */
  tokens(): void {
    this.withRow(Math.max(0, this.list.selected), this.actions.tokens);
  }

  private withRow(index: number, act: (row: RewardRow) => void): void {
    const row = this.pages.row(index);
    if (row) act(row);
  }

  private fit(): void {
    const { query } = this;
    if (!query || this.element.clientWidth === 0) return;
    const columns = fittingColumns(this.known, this.hidden, query.sort, this.element.clientWidth);
    this.element.style.setProperty('--tracks', tracksOf(columns));
    const isSame = columns.join() === this.columns.join();
    this.columns = columns;
    const names = new Set([...optionalNumbers, ...this.offered, ...[...this.known].filter(isFileNumber)]);
    const items = [...names]
      .filter((name) => isFileNumber(name) || this.known.has(name))
      .map((name) => ({ name, isShown: this.known.has(name) && !this.hidden.has(name) }));
    this.menu.show(items, crowdedOut(columns, this.known, this.hidden));
    this.drawHead(query);
    if (!isSame) this.list.refresh();
  }

  private drawHead(query: PairsQuery): void {
    const drawn = JSON.stringify([this.columns, query.sort, query.descending]);
    if (drawn === this.drawnHead) return;
    this.drawnHead = drawn;
    const focused = [...this.head.children].indexOf(document.activeElement as Element);
    replace(this.head, ...this.columns.map((id) => this.headCell(id, query)));
    (this.head.children[focused] as HTMLElement | undefined)?.focus();
  }

  private headCell(id: ColumnId, query: PairsQuery): HTMLElement {
    if (id === 'prompt') return h('span', { class: 'clip' }, strings.pairs.prompt);
    if (id === 'bar') return h('span');
    const { short, help } = numberName(id);
    const isSorted = query.sort === id;
    return h(
      'button',
      {
        class: isSorted ? 'sort sorted num clip' : 'sort num clip',
        title: help,
        on: { click: () => this.actions.sort(id) },
        aria: { label: pairStrings.sortBy(short), pressed: String(isSorted) },
      },
      short + sortMark<ShownNumber>(query, id),
    );
  }

  private need(from: number, count: number): void {
    const { query } = this;
    if (!query) return;
    this.pages.fill(from, count, {
      ask: async (start) => (await this.actions.page({ ...query, from: start, count: pageSize })).rows,
      arrived: () => this.list.refresh(),
      failed: (error) => this.actions.failed(error),
    });
  }

  private drawRow(element: HTMLElement, index: number): void {
    element.classList.add('pairs-row');
    const row = this.pages.row(index);
    if (row) element.append(...this.columns.map((id) => this.cell(id, row)));
  }

  private cell(id: ColumnId, row: RewardRow): HTMLElement {
    if (id === 'bar') return h('span', { class: 'mini', aria: { hidden: 'true' } }, marginBar(row.margin, this.widest));
    if (id === 'prompt')
      return row.prompt === null
        ? h('span', { class: 'clip muted changed' }, strings.pairs.changed)
        : h('span', { class: 'clip', title: row.prompt }, row.prompt);
    const value = numberIn(row, id);
    const isBad = isMargin(id) && value !== null && value < 0;
    const look = isBad && id === 'margin' ? 'num bad' : id === 'line' || id === 'before' ? 'num muted' : 'num';
    return h('span', { class: look }, numberText(id, value));
  }
}
