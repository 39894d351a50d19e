import { at } from '../../../src/base/pure/must';
import type { ReviewAction, ReviewState } from '../../../src/protocol/review';
import { h, replace } from '../../shared/dom';
import { type ActionText, others, reviewStrings, scale, sighted, undo } from './reviewStrings';

export interface JudgeBarOptions {
  readonly act: (action: ReviewAction) => void;
  readonly dimension: (name: string, value: number) => void;
}

/** The bars at the bottom: dimensions, then the verdicts and other actions with their keys. */
export class JudgeBar {
  readonly element = h('footer', { class: 'judging' });
  private drawn = '';
  private readonly dims = h('div', { class: 'dims' });
  private readonly bar = h('div', { class: 'judge', role: 'toolbar', aria: { label: reviewStrings.verdicts } });

  constructor(private readonly options: JudgeBarOptions) {
    this.element.append(this.dims, this.bar);
  }

  /** Draws the bars if they have changed: the next pair often has the same, and a key waits for the drawing. */
  draw({ pair, blind, dimensions }: ReviewState): void {
    const wanted = JSON.stringify([pair && pair.mark, blind, dimensions]);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const choice = pair?.mark.choice ?? null;
    const isOn = ({ action }: ActionText): boolean =>
      action === choice ||
      (action === 'flag' && pair?.mark.flag === true) ||
      (action === 'skip' && pair?.mark.skipped === true);
    const buttons = (group: readonly ActionText[]): HTMLElement[] => group.map((one) => this.button(one, isOn(one)));
    replace(
      this.bar,
      h('span', { class: 'verdict-scale' }, ...buttons(scale)),
      ...buttons(blind ? others : [...sighted, ...others]),
      h('span', { class: 'grow' }),
      this.button(undo, false),
    );
    this.dims.hidden = dimensions.length === 0 || pair === null;
    replace(this.dims, ...(pair ? dimensions.map((name) => this.dimension(name, pair.mark.dimensions[name])) : []));
  }

  private button({ action, label, key }: ActionText, isOn: boolean): HTMLElement {
    return h(
      'button',
      {
        class: isOn ? `verdict ${action} on` : `verdict ${action}`,
        aria: { pressed: String(isOn), keyshortcuts: key },
        on: { click: () => this.options.act(action) },
      },
      label,
      h('kbd', {}, key),
    );
  }

  /** Three dots: left, neither, right. A second click takes nothing back: undo does. */
  private dimension(name: string, value: number | undefined): HTMLElement {
    const dots = [1, 0, -1].map((one, i) => {
      const isOn = value !== undefined && Math.sign(value) === one;
      const label = at(reviewStrings.dimensionValues, i);
      return h('button', {
        class: isOn ? 'dot on' : 'dot',
        title: label,
        role: 'radio',
        aria: { label: `${name}: ${label}`, checked: String(isOn) },
        on: { click: () => this.options.dimension(name, one) },
      });
    });
    const look = { class: 'dim', role: 'radiogroup', title: reviewStrings.dimension(name), aria: { label: name } };
    return h('span', look, h('span', {}, name), ...dots);
  }
}
