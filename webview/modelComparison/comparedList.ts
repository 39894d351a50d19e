import { at } from '../../src/base/pure/must';
import type { ComparedPage, ComparedQuery, ComparedRow, ComparedSort } from '../../src/protocol/modelComparison';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { PageCache, pageSize } from '../shared/pageCache';
import { sortedBy, sortMark } from '../shared/sorting';
import { VirtualList } from '../shared/virtualList';
import { margin, strings } from './strings';

/** At most this many pages stay in memory. */
const maxPages = 40;

export interface ComparedSource {
  readonly page: (query: ComparedQuery, from: number, count: number) => Promise<ComparedPage>;
  readonly open: (row: ComparedRow) => void;
  readonly showInEditor: (query: ComparedQuery) => void;
  readonly save: (query: ComparedQuery) => void;
  /** The person wants other pairs, or another order. */
  readonly change: (part: Partial<ComparedQuery>) => void;
  readonly failed: (error: unknown) => void;
}

/** The pairs of two models that a query names, with both margins. Enter opens one. */
export class ComparedList {
  readonly element = h('section', { class: 'rated', aria: { label: strings.list } });
  private readonly head = h('div', { class: 'bar' });
  private readonly columns = h('div', { class: 'compared-row compared-head', role: 'group' });
  private readonly list: VirtualList;
  private readonly pages = new PageCache<ComparedRow>(maxPages);
  private query: ComparedQuery | null = null;

  constructor(private readonly source: ComparedSource) {
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
    const hint = h('div', { class: 'foot muted' }, strings.hint);
    replace(this.element, this.head, this.columns, this.list.element, hint);
  }

  /** Shows the pairs of a query, read again. @returns what the list has, in words */
  async show(query: ComparedQuery, names: readonly string[]): Promise<string> {
    if (JSON.stringify(query) !== JSON.stringify(this.query)) this.list.show(-1);
    this.query = query;
    const first = await this.source.page(query, 0, pageSize);
    if (query !== this.query) return '';
    this.pages.clear();
    this.pages.put(0, first.rows, this.pages.generation);
    const models = [at(names, query.first), at(names, query.second)] as const;
    const said = strings.listed(query, models, first.total);
    this.drawHead(query, said, first.total);
    this.drawColumns(query, models);
    this.list.setCount(first.total);
    this.list.refresh();
    return said;
  }

  private drawHead(query: ComparedQuery, said: string, total: number): void {
    const link = (text: string, part: Partial<ComparedQuery>): HTMLElement =>
      h('button', { class: 'link', on: { click: () => this.source.change(part) } }, text);
    const onClick = (): void => this.source.showInEditor(query);
    const csv = { label: strings.csv, title: strings.csvTitle(said), onClick: () => this.source.save(query) };
    const actions =
      total === 0
        ? []
        : [button({ label: strings.inEditor, title: strings.inEditorTitle, primary: true, onClick }), button(csv)];
    replace(
      this.head,
      h('b', { class: 'clip', title: said }, said),
      query.cell === 'flips' ? null : link(strings.showFlips, { cell: 'flips' }),
      query.slice === null ? null : link(strings.allSlices, { slice: null }),
      h('span', { class: 'grow' }),
      ...actions,
    );
  }

  private drawColumns(query: ComparedQuery, [first, second]: readonly [string, string]): void {
    const names = strings.sorts(first, second);
    const focused = this.columns.contains(document.activeElement) ? document.activeElement?.id : null;
    const column = (sort: ComparedSort): HTMLElement =>
      h(
        'button',
        {
          class: `option num clip ${sort === query.sort ? 'sorted' : ''}`,
          id: `sort-${sort}`,
          title: names[sort],
          aria: { pressed: String(sort === query.sort) },
          on: { click: () => this.source.change(sortedBy(query, sort)) },
        },
        `${names[sort]}${sortMark(query, sort)}`,
      );
    const prompt = h('span', { class: 'muted' }, strings.prompt);
    replace(this.columns, column('line'), prompt, column('first'), column('second'), column('difference'));
    if (focused) document.getElementById(focused)?.focus();
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
    element.classList.add('compared-row');
    if (!row) return;
    const { line, prompt, first, second } = row;
    const text = prompt ?? strings.gone;
    const value = (one: number): HTMLElement => h('span', { class: one > 0 ? 'num good' : 'num bad' }, margin(one));
    element.append(
      h('span', { class: 'num muted' }, counted(line)),
      h('span', { class: prompt === null ? 'clip muted' : 'clip', title: text, dir: 'auto' }, text),
      value(first),
      value(second),
      h('span', { class: 'num' }, margin(second - first)),
    );
  }
}
