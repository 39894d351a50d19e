import type { PairsPage, PairsQuery } from '../../src/protocol/runPanel';
import { h, replace } from '../shared/dom';
import { counted, signed } from '../shared/format';
import { strings } from './strings';

type Brush = PairsQuery['brush'];

/** Bars of the margins of all pairs; a drag over them, or a click on one, asks for the pairs of that range. */
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
      const [low = 0, high = 0] = histogram.edges.slice(i, i + 2);
      const fill = h('i');
      fill.style.height = `${count === 0 ? 0 : Math.max(3, (100 * count) / highest)}%`;
      return h(
        'span',
        { class: high <= 0 ? 'bin below' : 'bin', title: strings.pairs.bin(signed(low), signed(high), count) },
        fill,
      );
    });
    replace(this.bars, ...bars);
    if (brush) this.mark(this.binOf(brush[0]), this.binOf(brush[1]) - 1);
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
    this.brush([this.edges[Math.min(a, b)] ?? 0, this.edges[Math.max(a, b) + 1] ?? 0]);
  }

  private mark(a: number, b: number): void {
    const share = 100 / Math.max(1, this.edges.length - 1);
    this.brushed.hidden = false;
    this.brushed.style.left = `${Math.min(a, b) * share}%`;
    this.brushed.style.width = `${(Math.abs(b - a) + 1) * share}%`;
  }

  private binAt({ clientX }: PointerEvent): number {
    const { left, width } = this.bars.getBoundingClientRect();
    const count = this.edges.length - 1;
    return Math.min(count - 1, Math.max(0, Math.floor(((clientX - left) / width) * count)));
  }

  /** The bin that starts at a margin. */
  private binOf(margin: number): number {
    const found = this.edges.findIndex((edge) => edge >= margin);
    return found < 0 ? this.edges.length - 1 : found;
  }
}
