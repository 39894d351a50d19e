import { at } from '../../src/base/pure/must';
import type { PairAgreement } from '../../src/pairs/agreement/agreement';
import type { Label } from '../../src/pairs/agreement/ratings';
import type { ConfusionCell } from '../../src/protocol/agreement';
import { h } from '../shared/dom';
import { counted } from '../shared/format';
import { label, strings } from './strings';

export interface ConfusionOptions {
  readonly chosen: ConfusionCell | null;
  readonly choose: (cell: ConfusionCell) => void;
}

/**
 * How often two annotators gave which labels. A cell leads to its rows. The table is one tab stop; arrow keys move
 * between its cells.
 */
export function confusionTable(
  { annotators, confusion }: PairAgreement,
  labels: readonly Label[],
  { chosen, choose }: ConfusionOptions,
): HTMLElement {
  const most = Math.max(1, ...confusion.flat());
  const cellAt = (row: number, column: number): ConfusionCell => ({
    annotators,
    labels: [at(labels, row), at(labels, column)],
  });
  const isChosen = (cell: ConfusionCell): boolean => JSON.stringify(cell) === JSON.stringify(chosen);
  const start = confusion.flatMap((row, i) => row.map((_, j) => cellAt(i, j))).find(isChosen) ?? cellAt(0, 0);
  const cell = (count: number, row: number, column: number): HTMLElement => {
    const here = cellAt(row, column);
    const element = h(
      'button',
      {
        class: row === column ? 'cell agreed' : 'cell',
        tabIndex: JSON.stringify(here) === JSON.stringify(start) ? 0 : -1,
        aria: { label: strings.cell(...annotators, here.labels, count), pressed: String(isChosen(here)) },
        on: { click: () => choose(here), keydown: (event) => moveFocus(event, row, column) },
      },
      counted(count),
    );
    element.style.setProperty('--share', `${Math.round((45 * count) / most)}%`);
    return h('td', {}, element);
  };
  const heads = labels.map((one) => heading(label(one), 'col'));
  const rows = confusion.map((counts, i) =>
    h('tr', {}, heading(label(at(labels, i)), 'row'), ...counts.map((count, j) => cell(count, i, j))),
  );
  const caption = h('caption', { class: 'muted' }, strings.confusion(...annotators));
  return h(
    'table',
    { class: 'confusion' },
    caption,
    h('thead', {}, h('tr', {}, h('td', {}), ...heads)),
    h('tbody', {}, ...rows),
  );
}

function heading(text: string, scope: 'row' | 'col'): HTMLElement {
  const element = h('th', { class: 'muted', title: text }, text);
  element.setAttribute('scope', scope);
  return element;
}

const steps: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Moves the focus to a neighbour of a cell, which then is the tab stop of the table. */
function moveFocus(event: Event, row: number, column: number): void {
  if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.altKey || event.metaKey) return;
  const step = steps[event.key];
  const own = event.currentTarget;
  if (!step || !(own instanceof HTMLElement)) return;
  event.preventDefault();
  const rows = [...(own.closest('tbody')?.rows ?? [])].map((one) => [...one.querySelectorAll('button')]);
  const next = rows[row + step[0]]?.[column + step[1]];
  if (!next) return;
  own.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
