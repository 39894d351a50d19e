import type { Curves } from '../../src/protocol/runPanel';
import { h } from '../shared/dom';
import { compact } from '../shared/format';
import { chartSpecs } from './chartSpecs';
import { strings } from './strings';

/** Newest points shown; a longer table is what events.jsonl is for. */
const maxRows = 500;

/** The points of the charts for screen readers and for copying, newest first. */
export function pointTable({ steps, series }: Curves): HTMLElement {
  const names = chartSpecs
    .flatMap(({ lines }) => lines.map(({ metric }) => metric))
    .filter((name) => series[name] !== undefined);
  const head = h('tr', {}, ...[strings.step, ...names].map((name) => h('th', { class: 'num' }, name)));
  const last = steps.length - 1;
  const rows = Array.from({ length: Math.min(maxRows, steps.length) }, (_, i) =>
    pointRow(
      steps[last - i] ?? 0,
      names.map((name) => series[name]?.[last - i] ?? Number.NaN),
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
