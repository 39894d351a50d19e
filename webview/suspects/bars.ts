import { h } from '../shared/dom';

/** A share with its 95 % interval. */
export interface Bar {
  readonly name: string;
  readonly share: number;
  readonly low: number;
  readonly high: number;
  /** What a screen reader says. */
  readonly label: string;
  /** The number after it. */
  readonly text: string;
}

/** Bars of shares, each with its interval as a line. They share a scale, from 0 to the largest end of an interval. */
export function barTable(bars: readonly Bar[]): HTMLElement {
  const widest = Math.max(...bars.map(({ high }) => high), Number.EPSILON);
  return h('ul', { class: 'bars' }, ...bars.map((bar) => barRow(bar, widest)));
}

function barRow({ name, share, low, high, label, text }: Bar, widest: number): HTMLElement {
  const percent = (value: number): string => `${(100 * value) / widest}%`;
  const fill = h('i', { class: 'fill' });
  fill.style.width = percent(share);
  const range = h('i', { class: 'range' });
  range.style.left = percent(low);
  range.style.width = percent(high - low);
  return h(
    'li',
    { class: 'bar-row', title: label },
    h('span', { class: 'clip' }, name),
    h('span', { class: 'track', role: 'img', aria: { label } }, fill, range),
    h('span', { class: 'num muted' }, text),
  );
}
