import type { StepPin } from '../../src/run/stepPin';
import { h, icon, replace } from '../shared/dom';
import { strings } from './strings';

export interface PinActions {
  /** Puts the crosshair on the step. */
  show(step: number): void;
  edit(step: number): void;
  remove(step: number): void;
}

/** The notes at steps, below the charts. */
export class PinList {
  readonly element = h('ul', { class: 'pins', aria: { label: strings.pins.label } });
  private shown = '';

  constructor(private readonly actions: PinActions) {
    this.element.hidden = true;
  }

  /** Draws the pins only if they have changed, so that the focus stays where it is. */
  show(pins: readonly StepPin[]): void {
    const shown = JSON.stringify(pins);
    if (shown === this.shown) return;
    this.shown = shown;
    this.element.hidden = pins.length === 0;
    replace(this.element, ...pins.map((pin) => this.pin(pin)));
  }

  private pin({ step, note }: StepPin): HTMLElement {
    const { show, edit, remove } = this.actions;
    const link = (label: string, name: string, click: () => void): HTMLElement =>
      h('button', { class: 'link', aria: { label: name }, on: { click } }, label);
    return h(
      'li',
      {},
      icon('pinned'),
      link(strings.atStep(step), strings.pins.show(step), () => show(step)),
      h('span', { class: 'note', dir: 'auto' }, note),
      link(strings.pins.edit, strings.pins.editAt(step), () => edit(step)),
      link(strings.pins.remove, strings.pins.removeAt(step), () => remove(step)),
    );
  }
}
