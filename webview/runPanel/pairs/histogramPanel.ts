import type { ShownNumber } from '../../../src/pairs/fileNumber';
import type { PairsPage, PairsQuery } from '../../../src/protocol/runPanel';
import { dropdown } from '../../shared/controls';
import { h, replace } from '../../shared/dom';
import { counted } from '../../shared/format';
import { PairHistogram } from './histogram';
import { type Bounds, boundsOf } from './numberFields';
import { shortName } from './numberNames';
import { isMargin, numberText } from './pairColumns';
import { pairStrings } from './pairStrings';

export interface HistogramPanelActions {
  /** Filters by a range of the number. */
  readonly brush: (number: ShownNumber, bounds: Bounds) => void;
  readonly number: (number: ShownNumber) => void;
  readonly showAll: () => void;
  readonly say: (text: string) => void;
}

const belowZero: Bounds = { low: null, high: 0, isBelow: true };

/** A histogram of a number of the pairs, with how many pairs there are and how many are shown. */
export class HistogramPanel {
  readonly element: HTMLElement;
  private readonly choice = h('span');
  private readonly counts = h('span', { class: 'pair-counts' });
  private readonly histogram: PairHistogram;
  private number: ShownNumber = 'margin';
  private drawn = '';

  constructor(private readonly actions: HistogramPanelActions) {
    this.histogram = new PairHistogram({
      brush: (bounds) => actions.brush(this.number, bounds),
      say: actions.say,
      text: (low, high, count, shown) =>
        pairStrings.bin(numberText(this.number, low), numberText(this.number, high), count, shown),
    });
    const head = h('div', { class: 'plot-head' }, this.choice, this.counts);
    this.element = h('section', { class: 'plot-card' }, head, this.histogram.element);
  }

  show(page: PairsPage, query: PairsQuery, known: ReadonlySet<ShownNumber>): void {
    this.number = query.histogram;
    this.drawChoice(known);
    this.drawCounts(page, query.filter);
    const look = {
      label: pairStrings.histogram(shortName(this.number), counted(page.total)),
      bounds: boundsOf(query.filter, this.number),
      isSigned: isMargin(this.number),
    };
    this.histogram.show(page.histogram, look);
  }

  /** Marks the bar of the selected pair. */
  select(numberOf: ((name: ShownNumber) => number | null) | null): void {
    this.histogram.select(numberOf === null ? null : numberOf(this.number));
  }

  private drawChoice(known: ReadonlySet<ShownNumber>): void {
    const drawn = JSON.stringify([[...known], this.number]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const choices = [...new Set([...known, this.number])].map((id) => ({ id, label: shortName(id) }));
    const choose = (id: string): void => {
      const found = choices.find((choice) => choice.id === id);
      if (found) this.actions.number(found.id);
    };
    replace(this.choice, dropdown(pairStrings.histogramOf, choices, this.number, choose));
  }

  private drawCounts({ total, negative, shown }: PairsPage, filter: string): void {
    const click = (): void => this.actions.brush('margin', belowZero);
    const below = pairStrings.negative(counted(negative));
    replace(
      this.counts,
      h('span', {}, pairStrings.count(counted(total))),
      negative === 0
        ? h('span', { class: 'muted' }, below)
        : h('button', { class: 'link bad', title: pairStrings.onlyNegative(counted(negative)), on: { click } }, below),
      filter === ''
        ? null
        : h(
            'span',
            { class: 'muted' },
            pairStrings.shown(counted(shown)),
            ' · ',
            h('button', { class: 'link', on: { click: () => this.actions.showAll() } }, pairStrings.showAll),
          ),
    );
  }
}
