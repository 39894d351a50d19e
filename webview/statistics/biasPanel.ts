import type { Bias, FeatureBias } from '../../src/pairs/statistics/bias';
import { rowsQuery } from '../../src/pairs/statistics/repeats';
import { biasNote, biasSentence, groupNames, oddsText } from '../../src/pairs/statistics/sentences';
import { h } from '../shared/dom';
import { counted } from '../shared/format';
import { strings } from './strings';

export interface BiasOptions {
  readonly open: (query: string, text: string) => void;
  readonly reveal: (row: number) => void;
}

/** How far single features predict the label: a sentence each, with weights and the pairs to look at. */
export function biasPanel(bias: Bias, options: BiasOptions): HTMLElement {
  return h(
    'section',
    { class: 'card bias', aria: { label: strings.bias } },
    h('header', {}, h('h2', {}, strings.bias)),
    h('p', { class: 'muted' }, biasNote(bias)),
    ...bias.groups.map((group) => groupPart(group, bias.fitted, options)),
    h('p', { class: 'muted fact' }, strings.units),
  );
}

function groupPart(group: FeatureBias, fitted: number, { open, reveal }: BiasOptions): HTMLElement {
  const rows = group.confident.map(({ row, chance }) => {
    const text = strings.row(counted(row + 1), percentText(chance));
    return h('button', { class: 'link', on: { click: () => reveal(row) } }, text);
  });
  const query = rowsQuery(group.confident.map(({ row }) => row));
  const all = (): void => {
    if (query !== null) open(query, strings.confident);
  };
  return h(
    'details',
    {},
    h('summary', {}, h('span', { class: 'said' }, gauge(group), h('span', {}, biasSentence(group, fitted)))),
    weightTable(group),
    h('p', { title: strings.confidentTitle }, `${strings.confident}, ${strings.confidentChance}: `),
    h(
      'p',
      { class: 'rows' },
      ...rows,
      query === null ? null : h('button', { class: 'link', on: { click: all } }, strings.showAll),
    ),
  );
}

/** The interval of the accuracy from 0 to 100 %, with a mark at 50 %. */
function gauge({ accuracy, group }: FeatureBias): HTMLElement {
  const range = h('i', { class: 'range' });
  range.style.left = `${100 * accuracy.low}%`;
  range.style.width = `${Math.max(1.5, 100 * (accuracy.high - accuracy.low))}%`;
  return h(
    'span',
    { class: 'gauge', title: groupNames[group], aria: { hidden: 'true' } },
    h('i', { class: 'half' }),
    range,
  );
}

function weightTable({ weights, group }: FeatureBias): HTMLElement {
  const head = h(
    'tr',
    {},
    h('th', {}, strings.feature),
    h('th', { class: 'num', title: strings.oddsTitle }, strings.odds),
  );
  const rows = weights.map((weight) =>
    h('tr', {}, h('td', {}, weight.name), h('td', { class: 'num' }, oddsText(weight))),
  );
  return h(
    'div',
    { class: 'table', role: 'region', tabIndex: 0, aria: { label: `${groupNames[group]}: ${strings.weights}` } },
    h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows)),
  );
}

function percentText(chance: number): string {
  return `${Math.round(100 * chance)} %`;
}
