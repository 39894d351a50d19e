import { h, perFrame } from './dom';
import { rowForKey, rowHeight, thumbBox, topFor } from './listGeometry';
import { RowSelection } from './rowSelection';

export interface VirtualListOptions {
  readonly label: string;
  /** The prefix of the ids of its rows, if the page has several lists. */
  readonly name?: string;
  /** Draws the cells of a visible row into an empty element. */
  readonly draw: (element: HTMLElement, index: number) => void;
  /** Called with the range of rows that is about to be drawn. */
  readonly visible: (from: number, count: number) => void;
  readonly select: (index: number) => void;
  readonly open: (index: number) => void;
  /** Called when several rows are selected, or no longer; a list without it selects one row at a time. */
  readonly picked?: (selection: RowSelection) => void;
}

/**
 * A list of any length. It draws only the visible rows and has its own scrollbar: in Chromium an element is at most
 * 33,554,428 px high, so the scroll position is a row number with a fraction, not pixels. The list is one tab stop;
 * keys move the selection, and `aria-activedescendant` names the row on which it is. Shift, Ctrl and Ctrl+A select
 * several rows, as in the lists of VS Code.
 */
export class VirtualList {
  readonly element: HTMLElement;
  /** The prefix of the ids of rows, unique in the page. */
  private readonly name: string;
  private readonly rows = h('div', { class: 'list-rows', role: 'rowgroup' });
  private readonly thumb = h('div', { class: 'list-thumb' });
  private readonly bar = h('div', { class: 'list-bar', aria: { hidden: 'true' } }, this.thumb);
  private count = 0;
  private top = 0;
  private chosen = -1;
  readonly selection = new RowSelection();
  private readonly redraw = perFrame(() => this.draw());

  constructor(private readonly options: VirtualListOptions) {
    this.name = options.name ?? 'row';
    this.element = h(
      'div',
      { class: 'list', role: 'grid', tabIndex: 0, aria: { label: options.label } },
      this.rows,
      this.bar,
    );
    if (options.picked) this.element.setAttribute('aria-multiselectable', 'true');
    this.element.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.element.addEventListener('keydown', (event) => this.key(event));
    // The first press redraws the rows, and Chromium sends no `click` or `dblclick` for an element that is removed
    // while the button is down. So a press is read by its position, and a double click by the count in `detail`.
    this.rows.addEventListener('mousedown', (event) => event.button === 0 && event.detail === 1 && this.press(event));
    this.rows.addEventListener('mouseup', (event) => event.button === 0 && event.detail === 2 && this.openChosen());
    this.bar.addEventListener('pointerdown', (event) => this.drag(event));
    new ResizeObserver(this.redraw).observe(this.element);
  }

  get selected(): number {
    return this.chosen;
  }

  /** First visible row, with a fraction. */
  get position(): number {
    return this.top;
  }

  set position(top: number) {
    this.top = Math.min(Math.max(0, top), this.lastTop);
    this.redraw();
  }

  setCount(count: number): void {
    this.count = count;
    this.position = this.top;
  }

  refresh(): void {
    this.redraw();
  }

  /** Selects a row without scrolling or calling `select`. */
  mark(index: number): void {
    this.chosen = index;
    if (this.selection.count <= 1) this.selection.only(index);
    this.redraw();
  }

  /** Selects a row and scrolls to it, without calling `select`. */
  show(index: number): void {
    this.chosen = index;
    if (!this.selection.has(index)) this.pick(() => this.selection.only(index));
    this.position = topFor(index, this.top, this.page);
  }

  /** Selects a row within the list alone, scrolls to it and calls `select`. */
  move(to: number): void {
    this.moveWith(to, (index) => this.selection.only(index));
  }

  selectAll(): void {
    this.pick(() => this.selection.all(this.count));
    this.redraw();
  }

  /** Selects only the row on which the selection is. */
  selectOne(): void {
    this.pick(() => this.selection.only(this.chosen));
    this.redraw();
  }

  private moveWith(to: number, change: (index: number) => void): void {
    if (this.count === 0) return;
    const index = Math.min(this.count - 1, Math.max(0, to));
    this.chosen = index;
    this.pick(() => change(index));
    this.position = topFor(index, this.top, this.page);
    this.options.select(index);
  }

  private pick(change: () => void): void {
    const before = this.selection.count;
    change();
    if (before > 1 || this.selection.count > 1) this.options.picked?.(this.selection);
  }

  /** Number of rows that fit, with a fraction. */
  private get page(): number {
    return Math.max(1, this.element.clientHeight / rowHeight);
  }

  private get lastTop(): number {
    return Math.max(0, this.count - this.page);
  }

  private wheel(event: WheelEvent): void {
    if (this.lastTop === 0 || event.ctrlKey) return;
    event.preventDefault();
    const unit =
      event.deltaMode === WheelEvent.DOM_DELTA_PIXEL
        ? rowHeight
        : event.deltaMode === WheelEvent.DOM_DELTA_LINE
          ? 1
          : 1 / this.page;
    this.position = this.top + event.deltaY / unit;
  }

  private press(event: MouseEvent): void {
    const index = Math.floor(this.top + (event.clientY - this.element.getBoundingClientRect().top) / rowHeight);
    if (index < 0 || index >= this.count) return;
    const several = this.options.picked !== undefined;
    if (several && event.shiftKey) this.moveWith(index, (to) => this.selection.extend(to));
    else if (several && (event.ctrlKey || event.metaKey)) this.moveWith(index, (to) => this.selection.toggle(to));
    else this.move(index);
  }

  private openChosen(): void {
    if (this.chosen >= 0) this.options.open(this.chosen);
  }

  /** Drags the thumb. A press beside it makes the thumb jump there. */
  private drag(event: PointerEvent): void {
    event.preventDefault();
    const bar = this.bar.getBoundingClientRect();
    const thumb = this.thumb.getBoundingClientRect();
    const held = event.target === this.thumb ? event.clientY - thumb.top : thumb.height / 2;
    const move = ({ clientY }: PointerEvent): void => {
      this.position = ((clientY - held - bar.top) / Math.max(1, bar.height - thumb.height)) * this.lastTop;
    };
    const end = new AbortController();
    this.bar.setPointerCapture(event.pointerId);
    this.bar.addEventListener('pointermove', move, { signal: end.signal });
    for (const name of ['pointerup', 'pointercancel'] as const)
      this.bar.addEventListener(name, () => end.abort(), { signal: end.signal });
    move(event);
  }

  private key(event: KeyboardEvent): void {
    if (!this.acts(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @returns whether the key belongs to the list */
  private acts(event: KeyboardEvent): boolean {
    const { key, shiftKey, altKey } = event;
    const several = this.options.picked !== undefined;
    const command = event.ctrlKey || event.metaKey;
    if (altKey || (shiftKey && (command || !several))) return false;
    if (command && !(several && key.toLowerCase() === 'a')) return false;
    const target = rowForKey(key, this.chosen, this.page, this.count);
    if (command) this.selectAll();
    else if (target !== undefined && shiftKey) this.moveWith(target, (to) => this.selection.extend(to));
    else if (target !== undefined) this.move(target);
    else if (key === 'Enter' && !shiftKey) this.openChosen();
    else if (key === 'Escape' && this.selection.count > 1) this.selectOne();
    else return false;
    return true;
  }

  private draw(): void {
    this.top = Math.min(this.top, this.lastTop);
    const first = Math.floor(this.top);
    const shown = Math.max(0, Math.min(Math.ceil(this.page) + 1, this.count - first));
    this.options.visible(first, shown);
    this.rows.replaceChildren(...Array.from({ length: shown }, (_, i) => this.drawRow(first + i)));
    this.rows.style.transform = `translateY(${-(this.top - first) * rowHeight}px)`;
    this.drawThumb();
    this.element.setAttribute('aria-rowcount', String(this.count));
    const inSight = this.chosen >= first && this.chosen < first + shown;
    if (inSight) this.element.setAttribute('aria-activedescendant', `${this.name}-${this.chosen}`);
    else this.element.removeAttribute('aria-activedescendant');
  }

  private drawThumb(): void {
    const { clientHeight } = this.element;
    this.bar.hidden = this.lastTop === 0;
    const { top, height } = thumbBox(this.top, this.page, this.count, clientHeight);
    this.thumb.style.height = `${height}px`;
    this.thumb.style.top = `${top}px`;
  }

  private drawRow(index: number): HTMLElement {
    const isChosen = index === this.chosen;
    const isPicked = this.selection.count > 1 && this.selection.has(index);
    const isSelected = this.selection.count > 1 ? isPicked : isChosen;
    const aria = { selected: String(isSelected), rowindex: String(index + 1) };
    const look = ['list-row', ...(isChosen ? ['selected'] : []), ...(isPicked ? ['picked'] : [])].join(' ');
    const row = h('div', { class: look, role: 'row', id: `${this.name}-${index}`, aria });
    this.options.draw(row, index);
    // Its page has not arrived yet.
    if (row.childElementCount === 0) row.setAttribute('aria-busy', 'true');
    for (const cell of row.children) cell.setAttribute('role', 'gridcell');
    return row;
  }
}
