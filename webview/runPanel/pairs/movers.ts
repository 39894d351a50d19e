import { h, replace } from '../../shared/dom';
import { signed } from '../../shared/format';
import type { RewardRow } from '../../../src/protocol/runPanel';
import { pairStrings } from './pairStrings';
import { TrendChart } from './trendChart';
import type { TrendLines } from './trendShape';

/** A pair with its trend. */
export interface MovedPair {
  readonly row: RewardRow;
  readonly trend: TrendLines;
}

const size = { width: 150, height: 44 } as const;

/** Small charts of the pairs whose margin changed most. Arrow keys go from chart to chart, Enter selects the pair. */
export class MoverGrid {
  readonly element = h('div', { class: 'movers', role: 'group', aria: { label: pairStrings.movers } });
  private cards: readonly { readonly key: string; readonly card: HTMLElement }[] = [];
  private selected: string | null = null;

  /** @param choose called with the pair that a person chooses */
  constructor(private readonly choose: (row: RewardRow) => void) {
    this.element.addEventListener('keydown', (event) => this.key(event));
  }

  show(movers: readonly MovedPair[], step: number): void {
    this.cards = movers.map((mover) => ({ key: mover.row.key, card: this.card(mover, step) }));
    const none = h('div', { class: 'empty' }, pairStrings.noMovers);
    replace(this.element, ...(movers.length === 0 ? [none] : this.cards.map(({ card }) => card)));
    this.select(this.selected);
  }

  /** Marks the selected pair. */
  select(key: string | null): void {
    this.selected = key;
    const stop = this.cards.find((one) => one.key === key) ?? this.cards[0];
    for (const { key: own, card } of this.cards) {
      card.setAttribute('aria-pressed', String(own === key));
      card.tabIndex = own === stop?.key ? 0 : -1;
    }
  }

  private card({ row, trend }: MovedPair, step: number): HTMLElement {
    const chart = new TrendChart(['margins']);
    chart.show({ ...trend, visits: [] }, size, step);
    const { line, margin, delta } = row;
    const change = delta === null ? '' : signed(delta);
    const prompt = row.prompt ?? '';
    return h(
      'button',
      {
        class: 'mover',
        title: prompt,
        aria: { label: pairStrings.mover(String(line), signed(margin), change, prompt) },
        on: { click: () => this.choose(row) },
      },
      h(
        'span',
        { class: 'mover-head' },
        h('span', { class: 'muted' }, pairStrings.moverLine(String(line))),
        h('span', { class: 'grow' }),
        h('b', { class: delta !== null && delta < 0 ? 'num bad' : 'num' }, change),
      ),
      chart.element,
      h('span', { class: 'clip' }, prompt),
    );
  }

  private key(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: this.perRow(),
      ArrowUp: -this.perRow(),
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[event.key];
    const current = this.cards.findIndex(({ card }) => card === document.activeElement);
    if (step === undefined || current < 0) return;
    event.preventDefault();
    this.cards[Math.min(this.cards.length - 1, Math.max(0, current + step))]?.card.focus();
  }

  private perRow(): number {
    const top = this.cards[0]?.card.offsetTop;
    const below = this.cards.findIndex(({ card }) => card.offsetTop !== top);
    return below < 0 ? 1 : below;
  }
}
