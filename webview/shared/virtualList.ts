import { h, perFrame } from './dom';

export const rowHeight = 22;

export interface VirtualListOptions {
  readonly label: string;
  /** Draws a row into an emptied element; called for visible rows only. */
  readonly draw: (element: HTMLElement, index: number) => void;
  /** The range that is or will soon be visible. */
  readonly visible: (from: number, count: number) => void;
  readonly select: (index: number) => void;
  readonly open: (index: number) => void;
}

/**
 * A list of any length with a scrollbar of its own: an element's height ends at 33,554,428 px in Chromium, so the
 * position is a row number, not pixels. One tab stop; the selection moves by keys.
 */
export class VirtualList {
  readonly element: HTMLElement;
  private readonly rows: HTMLElement;
  private readonly bar: HTMLElement;
  private readonly thumb: HTMLElement;
  private count = 0;
  private top = 0;
  private chosen = -1;
  private readonly redraw = perFrame(() => this.draw());

  constructor(private readonly options: VirtualListOptions) {
    this.rows = h('div', { class: 'list-rows' });
    this.thumb = h('div', { class: 'list-thumb' });
    this.bar = h('div', { class: 'list-bar', aria: { hidden: 'true' } }, this.thumb);
    this.element = h('div', { class: 'list', role: 'listbox', tabIndex: 0, aria: { label: options.label } }, this.rows, this.bar);
    this.element.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.bar.addEventListener('pointerdown', (event) => this.drag(event));
    new ResizeObserver(this.redraw).observe(this.element);
  }

  get selected(): number {
    return this.chosen;
  }

  setCount(count: number): void {
    this.count = count;
    this.scrollTo(this.top);
  }

  refresh(): void {
    this.redraw();
  }

  /** Selects a row and brings it into view, without telling anyone. */
  show(index: number): void {
    this.chosen = index;
    if (index >= 0 && index < this.top) this.top = index;
    else if (index > this.top + this.page - 1) this.top = Math.max(0, index - this.page + 1);
    this.redraw();
  }

  move(to: number): void {
    if (this.count === 0) return;
    this.show(Math.min(this.count - 1, Math.max(0, to)));
    this.options.select(this.chosen);
  }

  private get page(): number {
    return Math.max(1, Math.floor(this.element.clientHeight / rowHeight));
  }

  private scrollTo(top: number): void {
    this.top = Math.min(Math.max(0, top), Math.max(0, this.count - this.page));
    this.redraw();
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    this.scrollTo(this.top + Math.sign(event.deltaY) * Math.max(1, Math.round(Math.abs(event.deltaY) / rowHeight)));
  }

  private drag(event: PointerEvent): void {
    const move = ({ clientY }: PointerEvent): void => {
      const { top, height } = this.bar.getBoundingClientRect();
      this.scrollTo(Math.round(((clientY - top) / height) * this.count - this.page / 2));
    };
    this.bar.setPointerCapture(event.pointerId);
    this.bar.addEventListener('pointermove', move);
    this.bar.addEventListener('pointerup', () => this.bar.removeEventListener('pointermove', move), { once: true });
    move(event);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const targets: Record<string, number> = {
      ArrowDown: this.chosen + 1,
      ArrowUp: this.chosen - 1,
      PageDown: this.chosen + this.page,
      PageUp: this.chosen - this.page,
      Home: 0,
      End: this.count - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) this.move(target);
    else if (event.key === 'Enter') this.options.open(this.chosen);
    else return;
    event.preventDefault();
  }

  private draw(): void {
    const shown = Math.min(this.page + 1, this.count - this.top);
    this.options.visible(this.top, Math.max(0, shown));
    this.rows.replaceChildren(...Array.from({ length: Math.max(0, shown) }, (_, i) => this.drawRow(this.top + i)));
    const share = this.count === 0 ? 1 : Math.min(1, this.page / this.count);
    this.thumb.hidden = share === 1;
    const thumbHeight = Math.max(20, share * this.element.clientHeight);
    const travel = this.element.clientHeight - thumbHeight;
    this.thumb.style.height = `${thumbHeight}px`;
    this.thumb.style.top = `${(this.top / Math.max(1, this.count - this.page)) * travel}px`;
    this.element.setAttribute('aria-rowcount', String(this.count));
    this.element.setAttribute('aria-activedescendant', `row-${this.chosen}`);
  }

  private drawRow(index: number): HTMLElement {
    const isChosen = index === this.chosen;
    const row = h('div', {
      class: isChosen ? 'list-row selected' : 'list-row',
      role: 'option',
      id: `row-${index}`,
      aria: { selected: String(isChosen), posinset: String(index + 1), setsize: String(this.count) },
      on: { click: () => this.move(index), dblclick: () => this.options.open(index) },
    });
    this.options.draw(row, index);
    return row;
  }
}
