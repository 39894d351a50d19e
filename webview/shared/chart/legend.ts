import { h } from '../dom';
import { compact, signed } from '../format';
import { lineColour } from './lineColour';
import type { Line } from './lines';
import type { Series } from './series';

/** @param digits decimals of values that always show a sign; undefined: three significant digits without a plus */
export function valueText(value: number, digits: number | undefined): string {
  if (Number.isNaN(value)) return compact(value);
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  return digits === undefined ? compact(value) : signed(value, digits);
}

/** The look of a line's key. A dash without parts is a solid line. */
export function keyClass({ dash, marked }: Pick<Series, 'dash' | 'marked'>): string {
  return ['key', ...(dash && dash.length > 0 ? ['dashed'] : []), ...(marked ? ['marked'] : [])].join(' ');
}

/** @param named whether to write the line's label; the only line of a chart is named by the title */
export function legend(series: Series, value: string, named: boolean): HTMLElement {
  const { label, colour } = series;
  const key = h('i', { class: keyClass(series) });
  key.style.color = lineColour(colour);
  return h(
    'span',
    { class: 'legend' },
    key,
    named && label !== '' ? h('span', { class: 'muted' }, label) : null,
    h('b', { class: 'num' }, value),
  );
}

/** Legends of the lines with their values. Pairs of them stay together when a narrow chart wraps them. */
export function legends(lines: readonly Line[], texts: readonly string[]): HTMLElement[] {
  const all = lines.map(({ series }, i) => legend(series, texts[i] ?? '', lines.length > 1));
  return [all.slice(0, 2), all.slice(2)]
    .filter((group) => group.length > 0)
    .map((group) => h('span', { class: 'legends' }, ...group));
}
