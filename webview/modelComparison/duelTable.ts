import type { DuelResult } from '../../src/pairs/comparison/comparisonResult';
import type { DuelCell } from '../../src/protocol/modelComparison';
import { h } from '../shared/dom';
import { counted } from '../shared/format';
import { strings } from './strings';

const cells = [
  ['both_right', 'only_first'],
  ['only_second', 'both_wrong'],
] as const;

/** How often both models, one of them, or none is right. A cell leads to its pairs. */
export function duelTable(duel: DuelResult, chosen: DuelCell, choose: (cell: DuelCell) => void): HTMLElement {
  const { models } = duel;
  const [first, second] = models;
  const most = Math.max(1, ...cells.flat().map((cell) => duel[cell]));
  const cellOf = (cell: (typeof cells)[number][number]): HTMLElement => {
    const agreed = cell === 'both_right' || cell === 'both_wrong';
    const element = h(
      'button',
      {
        class: agreed ? 'cell agreed' : 'cell',
        aria: { label: strings.cell(cell, models, duel[cell]), pressed: String(cell === chosen) },
        on: { click: () => choose(cell) },
      },
      counted(duel[cell]),
    );
    element.style.setProperty('--share', `${Math.round((45 * duel[cell]) / most)}%`);
    return h('td', {}, element);
  };
  const heading = (text: string, scope: 'row' | 'col'): HTMLElement => {
    const element = h('th', { class: 'muted', title: text }, text);
    element.setAttribute('scope', scope);
    return element;
  };
  const heads = [strings.right(second), strings.wrong(second)].map((text) => heading(text, 'col'));
  const rows = cells.map((row, i) => {
    const text = i === 0 ? strings.right(first) : strings.wrong(first);
    return h('tr', {}, heading(text, 'row'), ...row.map(cellOf));
  });
  return h(
    'table',
    { class: 'confusion duel' },
    h('caption', { class: 'muted' }, strings.caption(models)),
    h('thead', {}, h('tr', {}, h('td', {}), ...heads)),
    h('tbody', {}, ...rows),
  );
}
