import type { UnknownKey } from '../../src/run/formTypes';
import { h, icon, replace } from '../shared/dom';
import { strings } from './strings';

/** The keys of the file that Margin does not know, as they are. */
export class UnknownKeys {
  readonly element = h('section', { class: 'unknown', aria: { label: strings.unknown } });

  constructor(private readonly remove: (name: string) => void) {}

  show(keys: readonly UnknownKey[]): void {
    this.element.hidden = keys.length === 0;
    replace(
      this.element,
      h('h2', {}, strings.unknown),
      h('p', { class: 'help' }, strings.unknownHelp),
      ...keys.map((key) => this.row(key)),
    );
  }

  private row({ name, json, problem }: UnknownKey): HTMLElement {
    const remove = { click: () => this.remove(name) };
    return h(
      'div',
      { class: 'field invalid' },
      h('div', { class: 'head' }, h('span', { class: 'name' }, name), h('code', { class: 'clip', title: json }, json)),
      h('p', { class: 'problem' }, icon('error'), problem),
      h('button', { class: 'choose', aria: { label: strings.removeKey(name) }, on: remove }, strings.remove),
    );
  }
}
