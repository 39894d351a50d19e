import { rowsIn } from '../../../src/pairs/bulk/sentences';
import { type BulkAction, bulkActions } from '../../../src/protocol/bulk';
import type { BulkProgress } from '../../../src/protocol/bulk';
import { h, icon } from '../../shared/dom';
import { counted } from '../../shared/format';
import { bulkStrings } from './bulkStrings';

/** Keys that act on the selected rows as they act on one. */
const keys: Readonly<Partial<Record<BulkAction, string>>> = { swap: 'S', delete: 'Del' };

export interface BulkBarOptions {
  readonly act: (action: BulkAction) => void;
  readonly replace: () => void;
  readonly deselect: () => void;
  readonly cancel: () => void;
}

/** How long it says what was done. */
const saidMs = 15_000;

/** The bar below the list while several rows are selected: how many, what can be done to them, and what was done. */
export class BulkBar {
  readonly element: HTMLElement;
  private readonly count = h('b', { class: 'num' });
  private readonly actions: HTMLElement;
  private readonly said = h('div', { class: 'bulk-said' });
  private readonly text = h('span', { class: 'num' });
  private readonly cancel: HTMLElement;
  private timer = 0;

  constructor({ act, replace, deselect, cancel }: BulkBarOptions) {
    const link = (label: string, key: string | undefined, click: () => void): HTMLElement =>
      h('button', { class: 'link action', on: { click } }, label, key === undefined ? null : h('kbd', {}, key));
    const { actions, deselect: title, rowActions } = bulkStrings;
    const close = h('button', { class: 'link muted', title, aria: { label: title }, on: { click: deselect } });
    close.append(icon('close'));
    this.cancel = h('button', { class: 'link', on: { click: cancel } }, bulkStrings.cancel);
    this.said.append(this.text, this.cancel);
    this.actions = h(
      'div',
      { class: 'bulk-actions', role: 'toolbar', aria: { label: rowActions } },
      h('div', { class: 'bulk-count' }, this.count, h('span', { class: 'grow' }), close),
      ...bulkActions.map((action) => link(actions[action], keys[action], () => act(action))),
      link(`${bulkStrings.replace}…`, undefined, replace),
    );
    this.element = h('div', { class: 'bulk-bar needs-node' }, this.said, this.actions);
    this.draw(0);
    this.say('');
  }

  /** @param rows number of selected rows */
  draw(rows: number): void {
    this.actions.hidden = rows < 2;
    this.count.textContent = bulkStrings.selected(rowsIn(rows));
  }

  /** Says for a while what was done. */
  say(text: string): void {
    clearTimeout(this.timer);
    this.text.textContent = text;
    this.cancel.hidden = true;
    this.said.hidden = text === '';
    if (text !== '') this.timer = window.setTimeout(() => this.say(''), saidMs);
  }

  /** Shows how far the work is. */
  busy({ phase, done, total }: BulkProgress): void {
    clearTimeout(this.timer);
    const say = phase === 'look' ? bulkStrings.looking : bulkStrings.changing;
    this.text.textContent = say(counted(done), counted(total));
    this.cancel.hidden = false;
    this.said.hidden = false;
  }
}
