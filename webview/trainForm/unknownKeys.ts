import type { UnknownKey } from '../../src/run/formTypes';
import { h, icon, replace } from '../shared/dom';
import { bringIntoView } from './bringIntoView';
import { numberMark } from './numberMark';
import { strings } from './strings';

/** A key that Margin does not know, with the button that removes it. */
interface UnknownRow {
  readonly element: HTMLElement;
  readonly button: HTMLElement;
  focus(): void;
}

/** The keys of the file that Margin does not know, as they are. */
export class UnknownKeys {
  readonly element = h('section', { class: 'unknown', aria: { label: strings.unknown } });

  /** Leads to the keys from the list of sections. */
  readonly link = h('button', { class: 'nav-link', on: { click: () => this.go() } });
  rows: readonly UnknownRow[] = [];
  private shown = '';

  constructor(private readonly remove: (name: string) => void) {}

  show(keys: readonly UnknownKey[]): void {
    const text = JSON.stringify(keys);
    // A button that is drawn again would lose the focus.
    if (text === this.shown) return;
    this.shown = text;
    this.element.hidden = keys.length === 0;
    this.link.hidden = keys.length === 0;
    this.rows = keys.map((key) => this.row(key));
    const mark = numberMark('bad', keys.length, strings.problems(keys.length));
    replace(this.link, h('span', { class: 'clip' }, strings.unknown), mark);
    replace(
      this.element,
      h('h2', {}, strings.unknown),
      h('p', { class: 'help' }, strings.unknownHelp),
      ...this.rows.map(({ element }) => element),
    );
  }

  private go(): void {
    bringIntoView(this.element);
    this.rows[0]?.button.focus({ preventScroll: true });
  }

  private row({ name, json, problem }: UnknownKey): UnknownRow {
    const click = { click: () => this.remove(name) };
    const button = h(
      'button',
      { class: 'choose', aria: { label: strings.removeKey(name) }, on: click },
      strings.remove,
    );
    const element = h(
      'div',
      { class: 'field invalid' },
      h('div', { class: 'head' }, h('span', { class: 'name' }, name), h('code', { class: 'clip', title: json }, json)),
      h('p', { class: 'problem' }, icon('error'), problem),
      button,
    );
    const focus = (): void => {
      bringIntoView(element, 'center');
      button.focus({ preventScroll: true });
    };
    return { element, button, focus };
  }
}
