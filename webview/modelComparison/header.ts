import { type ValueMeasure, valueMeasures } from '../../src/pairs/comparison/valueMeasure';
import type { ModelComparisonState } from '../../src/protocol/modelComparison';
import { dropdown } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

export interface HeaderActions {
  readonly measure: (measure: ValueMeasure) => void;
  readonly slice: (key: string | null) => void;
  readonly otherSlice: () => void;
  readonly refresh: () => void;
}

/** No key path has a line break. An empty value is not used: a list without a value takes such an option first. */
const [whole, other] = ['\n', '\n\n'];

/** The name of the file, what the models are compared by, and the column that divides the file. */
export class ComparisonHeader {
  readonly element = h('div', { class: 'bar' });
  private readonly name = h('span', { class: 'clip' });
  private readonly choices = h('span', { class: 'options' });
  private readonly status = h('span', { class: 'muted', role: 'status' });
  private drawn = '';

  constructor(private readonly actions: HeaderActions) {
    const refresh = h(
      'button',
      { class: 'link', title: strings.refreshTitle, on: { click: () => actions.refresh() } },
      strings.refresh,
    );
    const grow = h('span', { class: 'grow' });
    replace(this.element, h('b', {}, strings.title), this.name, grow, this.status, this.choices, refresh);
  }

  draw(state: ModelComparisonState): void {
    const { file, status, measure, columns, slice, result } = state;
    this.name.textContent = file;
    this.name.title = file;
    this.status.textContent = status.kind === 'reading' ? strings.reading(status.pairs) : '';
    // A list that is drawn again would close.
    const wanted = JSON.stringify([measure, columns, slice, result === null]);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const measures = valueMeasures.map((id) => ({ id, label: strings.measures[id] }));
    const known = slice === null || columns.includes(slice) ? columns : [slice, ...columns];
    // RewardBench's subsets divide a file by themselves.
    const isRewardBench = result?.sections !== undefined;
    const slices = [
      ...(isRewardBench ? [] : [{ id: whole, label: strings.whole }]),
      ...known.map((key) => ({ id: key, label: key })),
      { id: other, label: strings.other },
    ];
    const choose = (id: string): void => {
      if (id === other) this.askOther();
      else this.actions.slice(id === whole ? null : id);
    };
    replace(
      this.choices,
      choice(
        strings.measure,
        dropdown(strings.measure, measures, measure, (id) => this.chooseMeasure(id)),
      ),
      choice(strings.slice, dropdown(strings.slice, slices, slice === null ? whole : slice, choose)),
    );
  }

  private chooseMeasure(id: string): void {
    const measure = valueMeasures.find((one) => one === id);
    if (measure) this.actions.measure(measure);
  }

  /** The list shows the column again that divides the file, whatever the person answers. */
  private askOther(): void {
    this.drawn = '';
    this.actions.otherSlice();
  }
}

function choice(label: string, control: HTMLElement): HTMLElement {
  return h('span', { class: 'head-choice' }, h('span', { class: 'muted' }, label), control);
}
