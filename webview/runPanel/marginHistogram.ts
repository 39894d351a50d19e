import { at } from '../../src/base/pure/must';
import type { PairsPage } from '../../src/protocol/runPanel';
import { h, replace } from '../shared/dom';
import { counted, signed } from '../shared/format';
import { binAt, binFrom, brushOf } from '../shared/bins';
import { strings } from './strings';

/** Margins with low ≤ margin ≤ high; null: all. */
export type Brush = readonly [number, number] | null;

/** A histogram of the margins of all pairs. A drag over bars or a click on one selects the pairs of that range. */
export class MarginHistogram {
  readonly element = h('div', { class: 'histogram', role: 'img' });
  private readonly bars = h('div', { class: 'bins' });
  private readonly brushed = h('div', { class: 'brush' });
  private edges: readonly number[] = [];
  private from: number | null = null;

  constructor(private readonly brush: (brush: Brush) => void) {
    replace(this.element, this.bars, this.brushed);
    this.bars.addEventListener('pointerdown', (event) => this.start(event));
    this.bars.addEventListener('pointermove', (event) => this.from !== null && this.mark(this.from, this.binAt(event)));
    this.bars.addEventListener('pointerup', (event) => this.end(event));
  }

  show({ histogram, negative, total }: PairsPage, brush: Brush): void {
    const highest = Math.max(1, ...histogram.counts);
    this.edges = histogram.edges;
    this.element.setAttribute('aria-label', strings.pairs.histogram(counted(negative), counted(total)));
    const bars = histogram.counts.map((count, i) => {
      const [low, high] = [at(histogram.edges, i), at(histogram.edges, i + 1)];
      const fill = h('i');
      fill.style.height = `${count === 0 ? 0 : Math.max(3, (100 * count) / highest)}%`;
      return h(
        'span',
        { class: high <= 0 ? 'bin below' : 'bin', title: strings.pairs.bin(signed(low), signed(high), count) },
        fill,
      );
    });
    replace(this.bars, ...bars);
    if (brush) this.mark(binFrom(this.edges, brush[0]), binFrom(this.edges, brush[1]) - 1);
    this.brushed.hidden = brush === null;
  }

  private start(event: PointerEvent): void {
    this.bars.setPointerCapture(event.pointerId);
    this.from = this.binAt(event);
    this.mark(this.from, this.from);
  }

  private end(event: PointerEvent): void {
    if (this.from === null) return;
    const [a, b] = [this.from, this.binAt(event)];
    this.from = null;
    this.brush(brushOf(this.edges, a, b));
  }

  private mark(a: number, b: number): void {
    const share = 100 / Math.max(1, this.edges.length - 1);
    this.brushed.hidden = false;
    this.brushed.style.left = `${Math.min(a, b) * share}%`;
    this.brushed.style.width = `${(Math.abs(b - a) + 1) * share}%`;
  }

  private binAt({ clientX }: PointerEvent): number {
    const { left, width } = this.bars.getBoundingClientRect();
    return binAt((clientX - left) / width, this.edges.length - 1);
  }
}
