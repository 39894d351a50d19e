import { must } from '../../src/base/pure/must';
import type { ChangeKind } from '../../src/pairs/compare/changeKind';
import type { Overview, RowSummary, View } from '../../src/protocol/pairEditor';
import { h, icon, replace } from '../shared/dom';
import { signed } from '../shared/format';
import { marginBar } from '../shared/marginBar';
import { PageCache } from '../shared/pageCache';
import { sortMark } from '../shared/sorting';
import { VirtualList } from '../shared/virtualList';
import { compareStrings } from './compare/compareStrings';
import { strings } from './strings';

/** Most pages kept. */
const maxPages = 40;

export interface RowListOptions {
  readonly rows: (from: number, count: number) => Promise<readonly RowSummary[]>;
  readonly select: (index: number) => void;
  readonly open: () => void;
  /** Called when several rows are selected, or no longer; without it, one row is selected at a time. */
  readonly picked?: (count: number) => void;
  readonly scrolled: (position: number) => void;
  readonly sort: (column: View['sort']) => void;
  /** Called when a page of rows does not arrive. */
  readonly failed: (error: unknown) => void;
}

/** The list of rows. It asks the host for pages as they scroll into view. */
export class RowList {
  readonly element: HTMLElement;
  readonly list: VirtualList;
  private readonly head = h('div', { class: 'list-head muted' });
  private readonly pages = new PageCache<RowSummary>(maxPages);
  private widest = 0;
  private scored = false;
  private revision = -1;
  private filter = '';

  constructor(private readonly options: RowListOptions) {
    const { picked } = options;
    this.list = new VirtualList({
      label: strings.list,
      draw: (element, index) => this.drawRow(element, index),
      visible: (from, count) => this.visible(from, count),
      select: options.select,
      open: options.open,
      ...(picked && { picked: ({ count }) => picked(count) }),
    });
    this.element = h('nav', { class: 'side' }, this.head, this.list.element);
  }

  refresh({ listRevision, rows, shown, rewards, widest }: Overview, view: View): void {
    // While a file is read it grows ten times a second. Asking for all rows again each time would leave the list blank.
    if (view.filter !== this.filter) this.pages.clear();
    else if (listRevision !== this.revision) this.pages.outdate();
    this.revision = listRevision;
    this.filter = view.filter;
    this.widest = widest;
    this.scored = rewards !== null;
    this.element.classList.toggle('scored', this.scored);
    this.element.style.setProperty('--digits', String(String(rows).length));
    this.drawHead(view);
    this.list.setCount(shown);
  }

  /** The row of the file at an index of the list. */
  async rowAt(index: number): Promise<number> {
    const row = this.pages.currentRow(index) ?? (await this.options.rows(index, 1))[0];
    return must(row, `Row ${index} of the list`).row;
  }

  private visible(from: number, count: number): void {
    this.options.scrolled(this.list.position);
    const { rows: ask, failed } = this.options;
    this.pages.fill(from, count, { ask, arrived: () => this.list.refresh(), failed });
  }

  private drawHead(view: View): void {
    const by = (column: View['sort'], label: string): HTMLElement => {
      const title = strings.sortBy(column === 'row' ? 'row' : strings.margin);
      return h(
        'button',
        { class: 'link num', title, aria: { label: title }, on: { click: () => this.options.sort(column) } },
        label + sortMark<View['sort']>(view, column),
      );
    };
    replace(
      this.head,
      by('row', strings.line),
      h('span', { class: 'clip' }, strings.prompt, otherOrder(view)),
      ...(this.scored ? [h('span'), by('margin', strings.margin)] : []),
      h('span'),
    );
  }

  private drawRow(element: HTMLElement, index: number): void {
    const row = this.pages.row(index);
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
      ...row.change.map(changeGlyph),
      row.mark ? reviewGlyph(row.mark) : null,
    );
    const isRead = row.kind === 'pair' || row.kind === 'judged' || row.kind === 'list';
    const label = row.judgedGood === null ? null : judgement(row.judgedGood);
    const line = h('span', { class: 'num muted' }, String(row.line));
    element.append(line, h('span', { class: isRead ? 'clip' : 'clip odd', title: text }, label, text));
    if (this.scored) element.append(bar, h('span', { class: 'num' }, row.margin === null ? '' : signed(row.margin)));
    element.append(marks);
  }
}

/** The number of the list's order, if it has no column of its own. */
function otherOrder(view: View): string | null {
  return view.sort === 'row' || view.sort === 'margin'
    ? null
    : ` · ${strings.sortedBy(view.sort)}${sortMark<View['sort']>(view, view.sort)}`;
}

/** The label of a judged answer as a thumb up or down, so that it needs no colour. */
function judgement(good: boolean): HTMLElement {
  const title = good ? strings.good : strings.bad;
  const look = { class: good ? 'label good' : 'label bad', title, role: 'img', aria: { label: title } };
  return h('span', look, icon(good ? 'thumbsup' : 'thumbsdown'));
}

function changeGlyph(kind: ChangeKind): HTMLElement {
  const glyph = marked(changeIcons[kind], compareStrings.kinds[kind]);
  glyph.classList.add('change-glyph', kind);
  return glyph;
}

const changeIcons = { added: 'diff-added', edited: 'diff-modified', moved: 'arrow-swap' } as const;

/** A flag outweighs the verdict, because a flagged pair waits for somebody. */
function reviewGlyph({ verdict, flag, note }: NonNullable<RowSummary['mark']>): HTMLElement | null {
  if (flag) return marked('bookmark', strings.flagged);
  if (verdict !== null) return marked(verdictIcons[verdict], strings.verdicts[verdict]);
  return note ? marked('note', strings.noted) : null;
}

const verdictIcons = { keep: 'check', swap: 'arrow-swap', tie: 'remove', both_bad: 'circle-slash' } as const;

function marked(name: string, title: string): HTMLElement {
  return h('span', { title, aria: { label: title }, role: 'img' }, icon(name));
}
