import { refusalNames } from '../../../src/pairs/bulk/sentences';
import type { PreviewRow } from '../../../src/protocol/bulk';
import { h, icon } from '../../shared/dom';
import { counted } from '../../shared/format';
import { PageCache } from '../../shared/pageCache';
import { VirtualList } from '../../shared/virtualList';
import { bulkStrings } from './bulkStrings';

/** Most pages kept. */
const maxPages = 20;

export interface PreviewListOptions {
  readonly rows: (from: number, count: number) => Promise<readonly PreviewRow[]>;
  /** Called when a row is ticked, or no longer. */
  readonly ticked: () => void;
  readonly show: (row: number) => void;
  readonly failed: (error: unknown) => void;
}

/** The rows that a replacement changes, each with its first match before and after. A row can be left out. */
export class PreviewList {
  readonly element: HTMLElement;
  private readonly list: VirtualList;
  private readonly pages = new PageCache<PreviewRow>(maxPages);
  private readonly left = new Set<number>();
  private count = 0;

  constructor(private readonly options: PreviewListOptions) {
    this.list = new VirtualList({
      label: bulkStrings.preview,
      name: 'preview',
      draw: (element, index) => this.drawRow(element, index),
      visible: (from, count) => this.visible(from, count),
      select: () => undefined,
      open: (index) => this.open(index),
    });
    this.list.element.addEventListener('keydown', (event) => {
      if (event.key !== ' ') return;
      event.preventDefault();
      this.toggle(this.list.selected);
    });
    this.element = h('div', { class: 'preview' }, this.list.element);
  }

  /** Rows that were left out, by their numbers. */
  get except(): readonly number[] {
    return [...this.left];
  }

  focus(): void {
    if (this.list.selected < 0) this.list.show(0);
    this.list.element.focus();
  }

  /** Shows the rows of another search, all ticked. */
  show(count: number): void {
    if (count !== this.count) this.list.mark(-1);
    this.left.clear();
    this.count = count;
    this.element.style.setProperty('--rows', String(Math.min(count, 8)));
    this.element.hidden = count === 0;
    this.redraw();
  }

  /** Asks for all rows again: the replacement is another one. */
  redraw(): void {
    this.pages.clear();
    this.list.setCount(this.count);
  }

  private open(index: number): void {
    const row = this.pages.row(index);
    if (row) this.options.show(row.row);
  }

  private toggle(index: number): void {
    const row = this.pages.row(index);
    if (!row || row.refusal !== null) return;
    if (!this.left.delete(row.row)) this.left.add(row.row);
    this.list.refresh();
    this.options.ticked();
  }

  private visible(from: number, count: number): void {
    const { rows: ask, failed } = this.options;
    this.pages.fill(from, count, { ask, arrived: () => this.list.refresh(), failed });
  }

  private drawRow(element: HTMLElement, index: number): void {
    element.classList.add('preview-row');
    const row = this.pages.row(index);
    if (!row) return;
    const { first, more, refusal } = row;
    const line = counted(row.row + 1);
    const isTicked = refusal === null && !this.left.has(row.row);
    const aria = { checked: String(isTicked), label: bulkStrings.tick(line), disabled: String(refusal !== null) };
    const tick = h('span', { role: 'checkbox', class: isTicked ? 'tick on' : 'tick', aria });
    tick.append(icon(isTicked ? 'check' : 'blank'));
    tick.addEventListener('mousedown', (event) => event.button === 0 && this.toggle(index));
    const text = h('span', { class: 'clip', dir: 'auto' });
    if (refusal === null) {
      const shown = first.replacement === '' ? bulkStrings.empty : first.replacement;
      const after = h('ins', { class: first.replacement === '' ? 'nothing' : '' }, shown);
      text.append(first.before, h('del', {}, first.match), ' → ', after, first.after);
    } else
      text.append(first.before, first.match, first.after, h('span', { class: 'warn' }, ` ${refusalNames[refusal]}`));
    const side = h('span', { class: 'muted clip' }, first.side);
    const rest = h('span', { class: 'muted num' }, more === 0 ? '' : bulkStrings.more(more));
    if (more > 0) rest.title = bulkStrings.moreTitle(more);
    element.append(h('span', {}, tick), h('span', { class: 'num muted' }, line), side, text, rest);
  }
}
