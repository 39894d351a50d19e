import { h } from '../../shared/dom';
import { pairStrings } from './pairStrings';

const views = ['table', 'movers'] as const;
type View = (typeof views)[number];

/** The choice between the table and the pairs that changed most. */
export class ViewSwitch {
  readonly element: HTMLElement;
  private readonly buttons: readonly HTMLElement[];

  constructor(choose: (view: View) => void) {
    this.buttons = views.map((view) =>
      h('button', { class: 'option', on: { click: () => choose(view) } }, pairStrings.views[view]),
    );
    const look = { class: 'view-switch', role: 'group', aria: { label: pairStrings.viewsName } };
    this.element = h('div', look, ...this.buttons);
  }

  show(view: View): void {
    this.buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(views[i] === view)));
  }
}
