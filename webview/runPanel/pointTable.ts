import { at, must } from '../../src/base/pure/must';
import type { Curves } from '../../src/protocol/runPanel';
import { h } from '../shared/dom';
import { compact } from '../shared/format';
import { chartSpecs } from './chartSpecs';
import { strings } from './strings';

/** Most points shown; events.jsonl has all of them. */
const maxRows = 500;

/** The points of the charts as a table, newest first, for screen readers and for copying. */
export function pointTable({ steps, series }: Curves): HTMLElement {
  const names = chartSpecs
    .flatMap(({ lines }) => lines.map(({ metric }) => metric))
    .filter((name) => series[name] !== undefined);
  const head = h('tr', {}, ...[strings.step, ...names].map((name) => h('th', { class: 'num' }, name)));
  const last = steps.length - 1;
  const rows = Array.from({ length: Math.min(maxRows, steps.length) }, (_, i) =>
    pointRow(
      at(steps, last - i),
      names.map((name) => at(must(series[name], name), last - i)),
    ),
  );
  return h('div', { class: 'table', tabIndex: 0 }, h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows)));
}

function pointRow(step: number, values: readonly number[]): HTMLElement {
  return h(
    'tr',
    {},
    h('td', { class: 'num' }, String(step)),
    ...values.map((value) => h('td', { class: 'num' }, Number.isNaN(value) ? '' : compact(value))),
  );
}
