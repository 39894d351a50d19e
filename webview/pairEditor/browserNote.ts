import { h } from '../shared/dom';
import { strings } from './strings';

/** Where no Node is, a line at the bottom says what is missing there, and where it is. */
export function browserNote(): HTMLElement {
  return h('div', { class: 'only-in-browser muted clip', title: strings.inBrowser }, strings.inBrowser);
}
