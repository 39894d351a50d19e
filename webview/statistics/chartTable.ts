import { at } from '../../src/base/pure/must';
import type { Chart } from '../../src/pairs/statistics/chart';
import { h } from '../shared/dom';
import { counted } from '../shared/format';
import { barText, queryOf, shareText } from './barChart';
import { strings } from './strings';

/** A chart as a table with the same numbers. A count opens its rows. */
export function chartTable(chart: Chart, open: (query: string, text: string) => void): HTMLElement {
  const { title, series, bars } = chart;
  const head = series.flatMap((name) => [numberHead(name), numberHead(strings.share)]);
  const rows = bars.map((bar, i) =>
    h(
      'tr',
      {},
      rowHead(bar.label),
      ...series.flatMap((_, j) => {
        const count = at(bar.counts, j);
        const text = counted(count);
        const query = queryOf(bar, j);
        const said = barText(chart, { bar: i, series: j });
        const label = strings.show(said);
        const shown =
          query === null
            ? text
            : h('button', { class: 'link num', aria: { label }, on: { click: () => open(query, said) } }, text);
        return [h('td', { class: 'num' }, shown), h('td', { class: 'num muted' }, shareText(chart, j, count))];
      }),
    ),
  );
  return h(
    'div',
    { class: 'table', role: 'region', tabIndex: 0, aria: { label: strings.table(title) } },
    h('table', {}, h('thead', {}, h('tr', {}, columnHead(strings.value), ...head)), h('tbody', {}, ...rows)),
  );
}

function numberHead(name: string): HTMLElement {
  return scoped('th', 'col', 'num', name);
}

function columnHead(name: string): HTMLElement {
  return scoped('th', 'col', '', name);
}

function rowHead(name: string): HTMLElement {
  return scoped('th', 'row', 'value', name);
}

function scoped(tag: string, scope: string, look: string, text: string): HTMLElement {
  const element = h(tag, look === '' ? {} : { class: look }, text);
  element.setAttribute('scope', scope);
  return element;
}
