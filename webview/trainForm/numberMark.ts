import { h } from '../shared/dom';

/** A number whose meaning only screen readers and the pointer get. */
export function numberMark(name: string, count: number, text: string): HTMLElement {
  const rest = h('span', { class: 'sr-only' }, text.replace(/^\d+/, ''));
  return h('span', { class: `count ${name}`, title: text }, String(count), rest);
}
