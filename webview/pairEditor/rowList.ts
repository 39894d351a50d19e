import type { Overview, RowSummary, View } from '../../src/protocol/pairEditor';
import { h, icon, replace } from '../shared/dom';
import { signed } from '../shared/format';
import { VirtualList } from '../shared/virtualList';
import { marginBar } from './marginLine';
import { strings } from './strings';

const pageSize = 100;
/** Pages kept; what is further away is asked for again. */
const maxPages = 40;

export interface RowListOptions {
  readonly rows: (from: number, count: number) => Promise<readonly RowSummary[]>;
  readonly select: (index: number) => void;
  readonly open: () => void;
  readonly scrolled: (position: number) => void;
  readonly sort: (column: View['sort']) => void;
}

interface Page {
  readonly rows: readonly RowSummary[];
  readonly generation: number;
}

/**
 * The list at the left. Pages come from the host when they come into sight; outdated ones stay until their news are
 * there.
 */
export class RowList {
  readonly element: HTMLElement;
  readonly list: VirtualList;
  private readonly head = h('div', { class: 'list-head muted' });
  private pages = new Map<number, Page>();
  private asked = new Set<number>();
  private generation = 0;
  private widest = 0;
  private scored = false;

  constructor(private readonly options: RowListOptions) {
    this.list = new VirtualList({
      label: strings.list,
      draw: (element, index) => this.drawRow(element, index),
      visible: (from, count) => this.visible(from, count),
      select: options.select,
      open: options.open,
    });
    this.element = h('nav', { class: 'side' }, this.head, this.list.element);
  }

  refresh({ shown, rewards, widest }: Overview, view: View): void {
    this.generation++;
    this.asked.clear();
    this.widest = widest;
    this.scored = rewards !== null;
    this.element.classList.toggle('scored', this.scored);
    this.drawHead(view);
    this.list.setCount(shown);
  }

  /** The file's row at a place of the list. */
  async rowAt(index: number): Promise<number> {
    const page = this.pages.get(Math.floor(index / pageSize));
    const known = page?.generation === this.generation ? page.rows[index % pageSize] : undefined;
    const row = known ?? (await this.options.rows(index, 1))[0];
    return row?.row ?? 0;
  }

  private visible(from: number, count: number): void {
    this.options.scrolled(this.list.position);
    for (let page = Math.floor(from / pageSize); page * pageSize < from + count; page++) {
      if (this.asked.has(page) || this.pages.get(page)?.generation === this.generation) continue;
      this.asked.add(page);
      void this.load(page, this.generation);
    }
  }

  private async load(page: number, generation: number): Promise<void> {
    const rows = await this.options.rows(page * pageSize, pageSize).catch(() => null);
    if (generation !== this.generation) return;
    this.asked.delete(page);
    if (!rows) return;
    this.pages.delete(page);
    this.pages.set(page, { rows, generation });
    for (const old of this.pages.keys()) if (this.pages.size > maxPages) this.pages.delete(old);
    this.list.refresh();
  }

  private drawHead({ sort, descending }: View): void {
    const by = (column: View['sort'], label: string): HTMLElement => {
      const arrow = sort !== column ? '' : descending ? ' ▼' : ' ▲';
      const title = strings.sortBy(column === 'row' ? 'line' : strings.margin);
      return h(
        'button',
        { class: 'link num', title, aria: { label: title }, on: { click: () => this.options.sort(column) } },
        label + arrow,
      );
    };
    replace(
      this.head,
      by('row', strings.line),
      h('span', { class: 'clip' }, strings.prompt),
      ...(this.scored ? [h('span'), by('margin', strings.margin)] : []),
      h('span'),
    );
  }

  private drawRow(element: HTMLElement, index: number): void {
    const row = this.pages.get(Math.floor(index / pageSize))?.rows[index % pageSize];
    element.classList.add('pair-row');
    if (!row) return;
    const text = row.kind === 'blank' ? strings.blank : row.label;
    const bar = h(
      'span',
      { class: 'mini', aria: { hidden: 'true' } },
      row.margin === null ? null : marginBar(row.margin, this.widest),
    );
    const marks = h(
      'span',
      { class: 'marks' },
      row.severity ? marked(row.severity, strings.hasProblems(row.problems)) : null,
      row.edited ? marked('edit', strings.edited) : null,
    );
    const isRead = row.kind === 'pair' || row.kind === 'judged';
    const label = row.judgedGood === null ? null : judgement(row.judgedGood);
    const line = h('span', { class: 'num muted' }, String(row.line));
    element.append(line, h('span', { class: isRead ? 'clip' : 'clip odd', title: text }, label, text));
    if (this.scored) element.append(bar, h('span', { class: 'num' }, row.margin === null ? '' : signed(row.margin)));
    element.append(marks);
  }
}

/** The label of a judged answer; its shape tells it where colours do not. */
function judgement(good: boolean): HTMLElement {
  const title = good ? strings.good : strings.bad;
  const look = { class: good ? 'label good' : 'label bad', title, role: 'img', aria: { label: title } };
  return h('span', look, icon(good ? 'thumbsup' : 'thumbsdown'));
}

function marked(name: string, title: string): HTMLElement {
  return h('span', { title, aria: { label: title }, role: 'img' }, icon(name));
}
