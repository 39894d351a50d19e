import type { RatedPage, RatedQuery, RatedRow } from '../../src/protocol/agreement';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { PageCache, pageSize } from '../shared/pageCache';
import { VirtualList } from '../shared/virtualList';
import { label, strings } from './strings';

/** At most this many pages stay in memory. */
const maxPages = 40;

export interface RatedSource {
  readonly page: (query: RatedQuery, from: number, count: number) => Promise<RatedPage>;
  readonly open: (row: RatedRow) => void;
  readonly adjudicate: (query: RatedQuery) => void;
  readonly showDisputed: () => void;
  readonly failed: (error: unknown) => void;
}

/** The rows of a cell of a confusion table, or all rows of disagreement. Enter opens one. */
export class RatedList {
  readonly element = h('section', { class: 'rated', aria: { label: strings.list } });
  private readonly head = h('div', { class: 'bar' });
  private readonly list: VirtualList;
  private readonly pages = new PageCache<RatedRow>(maxPages);
  private query: RatedQuery | null = null;

  constructor(private readonly source: RatedSource) {
    this.list = new VirtualList({
      label: strings.list,
      draw: (element, index) => this.drawRow(element, index),
      visible: (from, count) => this.need(from, count),
      select: () => undefined,
      open: (index) => {
        const row = this.pages.row(index);
        if (row) this.source.open(row);
      },
    });
    replace(this.element, this.head, this.list.element, h('div', { class: 'foot muted' }, strings.hint));
  }

  /** Shows the items of a query, read again. @returns what the list has, in words */
  async show(query: RatedQuery): Promise<string> {
    if (JSON.stringify(query) !== JSON.stringify(this.query)) this.list.show(-1);
    this.query = query;
    const first = await this.source.page(query, 0, pageSize);
    if (query !== this.query) return '';
    this.pages.clear();
    this.pages.put(0, first.rows, this.pages.generation);
    this.drawHead(query, first);
    this.list.setCount(first.total);
    this.list.refresh();
    return strings.listed(query, first);
  }

  private drawHead(query: RatedQuery, page: RatedPage): void {
    const decide =
      page.open === 0
        ? h('span', { class: 'muted' }, page.total === 0 ? strings.noRows : strings.noneOpen)
        : button({
            label: strings.adjudicate(page.open),
            title: strings.adjudicateTitle,
            primary: true,
            onClick: () => this.source.adjudicate(query),
          });
    const all =
      query.cell === null
        ? null
        : h('button', { class: 'link', on: { click: () => this.source.showDisputed() } }, strings.showDisputed);
    replace(this.head, h('b', {}, strings.listed(query, page)), all, h('span', { class: 'grow' }), decide);
  }

  private need(from: number, count: number): void {
    const { query } = this;
    if (!query) return;
    this.pages.fill(from, count, {
      ask: async (start, most) => (await this.source.page(query, start, most)).rows,
      arrived: () => this.list.refresh(),
      failed: (error) => this.source.failed(error),
    });
  }

  private drawRow(element: HTMLElement, index: number): void {
    const row = this.pages.row(index);
    element.classList.add('rated-row');
    if (!row) return;
    const said = row.labels.map(([annotator, one]) => `${annotator} ${label(one)}`).join(' · ');
    element.append(
      h('span', { class: 'num muted' }, counted(row.line)),
      h('span', { class: 'clip', title: row.prompt }, row.prompt),
      h('span', { class: 'clip', title: said }, said),
      h('span', { class: 'clip muted' }, row.adjudicated === null ? '' : `→ ${label(row.adjudicated)}`),
    );
  }
}
