import { at } from '../../../src/base/pure/must';
import type { Histogram } from '../../../src/protocol/runPanel';
import { binAt } from '../../shared/bins';
import { h, replace } from '../../shared/dom';
import { counted } from '../../shared/format';
import { binBounds, binOf, shareOf } from './binBounds';
import type { Bounds } from './numberFields';

export interface HistogramActions {
  /** Filters by a range; null: by none. */
  readonly brush: (bounds: Bounds) => void;
  readonly say: (text: string) => void;
  /** What a bar says. */
  readonly text: (low: number, high: number, count: string, shown: string) => string;
}

/** What a histogram shows besides its bins. */
export interface HistogramLook {
  readonly label: string;
  /** The filter's range of the number; null if it has none. */
  readonly bounds: Bounds | null;
  /** Whether numbers below 0 are bad. */
  readonly isSigned: boolean;
}

/** Bars of all pairs, and in them those that are shown. A drag or a click filters by the range of bars. */
export class PairHistogram {
  readonly element = h('div', { class: 'histogram', role: 'application', tabIndex: 0 });
  private readonly bars = h('div', { class: 'bins' });
  private readonly brushed = h('div', { class: 'brush' });
  private histogram: Histogram = { edges: [], counts: [], shown: [] };
  private from: number | null = null;
  /** The bar that the keyboard is on. */
  private current: number | null = null;
  private drawn = '';
  private look: HistogramLook | null = null;
  private selected: number | null = null;

  constructor(private readonly actions: HistogramActions) {
    replace(this.element, this.bars, this.brushed);
    this.bars.addEventListener('pointerdown', (event) => event.button === 0 && this.press(event));
    this.bars.addEventListener('pointermove', (event) => this.from !== null && this.mark(this.from, this.binAt(event)));
    this.bars.addEventListener('pointerup', (event) => this.release(event));
    this.bars.addEventListener('pointercancel', () => this.cancel());
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.addEventListener('blur', () => this.moveTo(null));
  }

  /** Draws the bars if they have changed. */
  show(histogram: Histogram, look: HistogramLook): void {
    this.histogram = histogram;
    this.look = look;
    this.element.setAttribute('aria-label', look.label);
    const drawn = JSON.stringify([histogram, look.isSigned]);
    if (drawn !== this.drawn) this.drawBars(look);
    this.drawn = drawn;
    this.showBounds();
    this.select(this.selected);
  }

  /** Marks the bar of the selected pair's number; null: none. */
  select(value: number | null): void {
    this.selected = value;
    const bin = value === null ? null : binOf(this.histogram.edges, value);
    [...this.bars.children].forEach((bar, i) => bar.classList.toggle('selected', i === bin));
  }

  private drawBars({ isSigned }: HistogramLook): void {
    const { edges, counts, shown } = this.histogram;
    const highest = Math.max(1, ...counts);
    // A single pair must be seen beside thousands.
    const height = (count: number): string => `${count === 0 ? 0 : Math.max(3, (100 * count) / highest)}%`;
    const bars = counts.map((count, i) => {
      const [all, part] = [h('i', { class: 'all' }), h('i')];
      all.style.height = height(count);
      part.style.height = height(at(shown, i));
      const isBelow = isSigned && at(edges, i + 1) <= 0;
      return h('span', { class: isBelow ? 'bin below' : 'bin', title: this.textOf(i) }, all, part);
    });
    replace(this.bars, ...bars);
    this.current = null;
  }

  private textOf(bin: number): string {
    const { edges, counts, shown } = this.histogram;
    return this.actions.text(at(edges, bin), at(edges, bin + 1), counted(at(counts, bin)), counted(at(shown, bin)));
  }

  private press(event: PointerEvent): void {
    if (this.histogram.counts.length === 0) return;
    this.bars.setPointerCapture(event.pointerId);
    this.from = this.binAt(event);
    this.mark(this.from, this.from);
  }

  private release(event: PointerEvent): void {
    if (this.from === null) return;
    const [a, b] = [this.from, this.binAt(event)];
    this.from = null;
    this.actions.brush(binBounds(this.histogram.edges, a, b));
  }

  private cancel(): void {
    this.from = null;
    this.showBounds();
  }

  private key(event: KeyboardEvent): void {
    const last = this.histogram.counts.length - 1;
    if (last < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = binFor(event.key, this.current, last);
    if (event.key === 'Enter' && this.current !== null) {
      this.actions.brush(binBounds(this.histogram.edges, this.from ?? this.current, this.current));
      this.from = null;
    } else if (next === null) return;
    else {
      if (event.shiftKey) this.from ??= this.current ?? next;
      else this.from = null;
      this.moveTo(next);
      if (this.from === null) this.showBounds();
      else this.mark(this.from, next);
      this.actions.say(this.textOf(next));
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private moveTo(bin: number | null): void {
    if (bin === null) this.from = null;
    this.current = bin;
    [...this.bars.children].forEach((bar, i) => bar.classList.toggle('current', i === bin));
  }

  private showBounds(): void {
    const bounds = this.look?.bounds ?? null;
    this.brushed.hidden = bounds === null || this.histogram.edges.length < 2;
    if (bounds === null || this.brushed.hidden) return;
    const { left, right } = shareOf(this.histogram.edges, bounds);
    this.place(left, right);
  }

  private mark(a: number, b: number): void {
    const bins = Math.max(1, this.histogram.counts.length);
    this.brushed.hidden = false;
    this.place(Math.min(a, b) / bins, (Math.max(a, b) + 1) / bins);
  }

  private place(left: number, right: number): void {
    this.brushed.style.left = `${100 * left}%`;
    this.brushed.style.width = `${100 * (right - left)}%`;
  }

  private binAt({ clientX }: PointerEvent): number {
    const { left, width } = this.bars.getBoundingClientRect();
    return binAt((clientX - left) / width, this.histogram.counts.length);
  }
}

/** The bar that a key leads to; null for another key. */
function binFor(key: string, current: number | null, last: number): number | null {
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (key === 'ArrowRight') return Math.min(last, current === null ? 0 : current + 1);
  if (key === 'ArrowLeft') return Math.max(0, current === null ? last : current - 1);
  return null;
}
