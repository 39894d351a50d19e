import type { RunCell, RunRow } from '../../src/protocol/runComparison';
import type { ShownColumn } from '../../src/run/compared/types';
import { h, replace } from '../shared/dom';
import { compact, signed } from '../shared/format';
import { sortMark, type Sorting, sortedBy } from '../shared/sorting';
import { VirtualList } from '../shared/virtualList';
import { lineSample, lookOf } from './runLooks';
import { strings } from './strings';
import type { Shown } from './viewState';

/** More rows than these scroll. */
const mostRows = 9;
const rowHeight = 22;
/** Significant digits of a difference to the baseline: the value beside it has more. */
const changeDigits = 2;
/** Pixels of a column of numbers; with a baseline there are two numbers. */
const cellWidth = { plain: 78, compared: 104 };

export interface TableActions {
  readonly sort: (sorting: Sorting<string>) => void;
  readonly toggle: (runs: readonly RunRow[]) => void;
  readonly open: (run: RunRow) => void;
  /** Another run is selected, or several. */
  readonly selected: () => void;
}

export interface TableContent {
  readonly columns: readonly ShownColumn[];
  readonly runs: readonly RunRow[];
  readonly shown: readonly Shown[];
  readonly sorting: Sorting<string>;
}

/** The table of all runs. Space shows or hides the selected ones, Enter opens one. */
export class RunTable {
  readonly element = h('section', { class: 'runs', aria: { label: strings.table } });
  private readonly head = h('div', { class: 'run-row run-head', role: 'group' });
  private readonly inner = h('div', { class: 'run-table' });
  private readonly list: VirtualList;
  private content: TableContent = { columns: [], runs: [], shown: [], sorting: { sort: '', descending: false } };
  private baseline: RunRow | null = null;

  constructor(private readonly actions: TableActions) {
    this.list = new VirtualList({
      label: strings.table,
      draw: (element, index) => this.drawRow(element, index),
      visible: () => undefined,
      select: () => actions.selected(),
      open: (index) => this.withRun(index, actions.open),
      picked: () => actions.selected(),
    });
    this.list.element.addEventListener('keydown', (event) => this.key(event));
    // Before the list reads the press, which replaces the element that was pressed.
    this.list.element.addEventListener('mousedown', (event) => this.press(event), { capture: true });
    replace(this.inner, this.head, this.list.element);
    replace(this.element, this.inner);
  }

  /** The selected runs, in the order of the table. */
  get selected(): readonly RunRow[] {
    const { selection, selected } = this.list;
    return this.content.runs.filter((_, index) => (selection.count > 1 ? selection.has(index) : index === selected));
  }

  focus(): void {
    this.list.element.focus();
  }

  /** The selected run stays selected where it is now. @param all all runs, also those that the filter hides */
  draw(content: TableContent, all: readonly RunRow[]): void {
    const folder = this.selected[0]?.folder;
    this.content = content;
    this.baseline = all.find((run) => run.baseline) ?? null;
    const width = this.baseline === null ? cellWidth.plain : cellWidth.compared;
    const numbers = content.columns.map(() => `minmax(${width}px, 1fr)`).join(' ');
    this.inner.style.setProperty('--columns', `36px minmax(130px, 2fr) ${numbers} minmax(120px, 2fr)`);
    this.inner.style.minWidth = `${36 + 130 + 120 + content.columns.length * (width + 10)}px`;
    this.drawHead();
    this.list.element.style.height = `${Math.max(1, Math.min(mostRows, content.runs.length)) * rowHeight}px`;
    this.list.setCount(content.runs.length);
    if (content.runs.length === 0) return;
    const place = content.runs.findIndex((run) => run.folder === folder);
    if (this.list.selection.count <= 1) this.list.mark(Math.max(0, place));
    this.list.refresh();
  }

  private drawHead(): void {
    const { columns, sorting } = this.content;
    const focused = this.head.contains(document.activeElement) ? document.activeElement?.id : null;
    const column = (id: string, label: string, title: string, isText: boolean): HTMLElement =>
      h(
        'button',
        {
          class: `option clip ${isText ? '' : 'num'} ${id === sorting.sort ? 'sorted' : ''}`,
          id: `sort-${id}`,
          title,
          aria: { pressed: String(id === sorting.sort) },
          on: { click: () => this.actions.sort(sortedBy(sorting, id)) },
        },
        `${label}${sortMark(sorting, id)}`,
      );
    replace(
      this.head,
      h('span', {}),
      column('name', strings.name, strings.name, true),
      ...columns.map(({ id, label, title }) => column(id, label, title, id === 'state')),
      h('span', { class: 'muted' }, strings.notes),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  private drawRow(element: HTMLElement, index: number): void {
    const { runs, shown, columns } = this.content;
    const run = runs[index];
    element.classList.add('run-row');
    if (!run) return;
    const own = shown.find(({ folder }) => folder === run.folder);
    const tick = h('span', { class: 'tick', title: own ? strings.isShown : strings.isHidden });
    if (own) tick.append(lineSample(lookOf(own.slot)));
    tick.append(h('span', { class: 'sr-only' }, own ? strings.isShown : strings.isHidden));
    if (run.problem !== null) {
      element.append(h('span', {}), h('span', { class: 'clip' }, run.name));
      element.append(h('span', { class: 'clip warn problem', title: run.problem }, run.problem));
      return;
    }
    element.append(
      tick,
      h('span', { class: own ? 'clip' : 'clip muted', title: run.folder }, run.name),
      ...columns.map((column, i) => this.cell(run, column, i)),
      notesOf(run),
    );
  }

  private cell(run: RunRow, column: ShownColumn, index: number): HTMLElement {
    const cell = run.cells[index];
    const isText = typeof cell?.value === 'string';
    const text = cell === undefined ? '' : shownText(cell, column);
    const difference = this.differenceOf(run, column, index);
    const title =
      difference === null ? text : strings.difference(`${text} ${difference.text}`, this.baseline?.name ?? '');
    return h(
      'span',
      { class: isText ? 'clip' : 'num clip', title },
      text,
      difference && h('span', { class: `difference ${difference.look}` }, difference.text),
    );
  }

  /** How a value differs from that of the baseline; null where both have no number, or the same. */
  private differenceOf(
    run: RunRow,
    { better, format }: ShownColumn,
    index: number,
  ): { readonly text: string; readonly look: string } | null {
    const [own, other] = [run.cells[index]?.value, this.baseline?.cells[index]?.value];
    if (this.baseline === null || typeof own !== 'number' || typeof other !== 'number') return null;
    const change = own - other;
    if (run === this.baseline || format === 'time' || !Number.isFinite(change) || change === 0) return null;
    const look = better === null ? 'muted' : change > 0 === (better === 'high') ? 'good' : 'bad';
    return { text: changeText(change, format), look };
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== ' ' || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.actions.toggle(this.selected);
  }

  private press(event: MouseEvent): void {
    const tick = event.target instanceof Element ? event.target.closest('.tick') : null;
    const row = tick?.closest('.list-row')?.getAttribute('aria-rowindex');
    if (!row || event.button !== 0) return;
    this.withRun(Number(row) - 1, (run) => this.actions.toggle([run]));
  }

  private withRun(index: number, act: (run: RunRow) => void): void {
    const run = this.content.runs[index];
    if (run) act(run);
  }
}

function notesOf({ tags, note, baseline, remarks }: RunRow): HTMLElement {
  const marks = [
    ...(baseline ? [h('span', { class: 'mark' }, strings.baseline)] : []),
    ...tags.map((tag) => h('span', { class: 'tag' }, tag)),
    ...(remarks.length > 0 ? [h('span', { class: 'warn', title: remarks.join('\n') }, '⚠')] : []),
  ];
  return h('span', { class: 'clip notes', title: note }, ...marks, h('span', { class: 'muted' }, note));
}

/** The minus as wide as the plus; other texts as the host wrote them. */
function shownText({ value, text }: RunCell, { format }: ShownColumn): string {
  return format === 'change' && typeof value === 'number' && Number.isFinite(value) ? signed(value) : text;
}

function changeText(change: number, format: ShownColumn['format']): string {
  if (format === 'share') return signed(100 * change, 1);
  if (format === 'change') return signed(change);
  const size = Number(Math.abs(change).toPrecision(changeDigits));
  const text = size < 1e-3 || size >= 1e5 ? compact(size) : String(size);
  return `${change > 0 ? '+' : '−'}${text}`;
}
