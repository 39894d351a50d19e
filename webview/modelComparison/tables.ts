import { at, must } from '../../src/base/pure/must';
import type { ComparisonResult, ModelResult, SliceResult } from '../../src/pairs/comparison/comparisonResult';
import { fairScale, intervalBar } from '../shared/intervalBar';
import { h, type Child } from '../shared/dom';
import { counted } from '../shared/format';
import { margin, percent, strings } from './strings';

/** Models with how often each prefers which answer, and its accuracy with an interval. */
export function modelTable({ models, pairs }: ComparisonResult, names: readonly string[]): HTMLElement {
  const rows = names.map((name) => {
    const score = scoreOf(models, name);
    const { accuracy, low, high, right, ties, mean_margin: mean } = score;
    return [
      rowHead(name),
      number(counted(right)),
      number(counted(pairs - right - ties)),
      number(counted(ties)),
      number(percent(accuracy), 'strong'),
      number(`${percent(low)} – ${percent(high)}`, 'muted'),
      bar(score),
      number(margin(mean)),
    ];
  });
  return table(strings.who, strings.columns, rows, strings.columnHelp);
}

/** Sections of RewardBench; null if the file has none. */
export function sectionTable({ sections }: ComparisonResult, names: readonly string[]): HTMLElement | null {
  if (!sections) return null;
  const first = must(sections[at(names, 0)], 'the sections of a model');
  const rows = first.map(({ section }, i) => [
    rowHead(section),
    ...names.map((name) => number(percent(at(must(sections[name], 'the sections of a model'), i).score))),
  ]);
  return table(strings.sections, [strings.section, ...names], rows, strings.sectionHelp);
}

/** Slices with the accuracy of each model. @param show called with the slice whose pairs a person wants to see */
export function sliceTable(
  key: string,
  slices: readonly SliceResult[],
  names: readonly string[],
  show: (slice: string) => void,
): HTMLElement {
  const rows = slices.map(({ slice, pairs, models }) => [
    rowHead(sliceLink(slice, show), slice),
    number(counted(pairs)),
    ...names.flatMap((name) => {
      const score = scoreOf(models, name);
      const text = `${percent(score.accuracy)} (${percent(score.low)} – ${percent(score.high)})`;
      return [number(text), bar(score)];
    }),
  ]);
  return table(strings.slices(key), [key, strings.pairs, ...names.flatMap((name) => [name, ''])], rows);
}

function sliceLink(slice: string, show: (slice: string) => void): HTMLElement {
  const title = strings.showSlice(slice);
  return h('button', { class: 'link', title, aria: { label: title }, on: { click: () => show(slice) } }, slice);
}

const scoreOf = (models: Readonly<Record<string, ModelResult>>, name: string): ModelResult =>
  must(models[name], 'the result of a model');

function table(
  label: string,
  columns: readonly string[],
  rows: readonly (readonly HTMLElement[])[],
  help = '',
): HTMLElement {
  const heads = columns.map((column, i) => {
    if (column === '') return h('td', { class: 'bar-cell' });
    const head = h('th', { class: i === 0 ? 'clip' : 'num clip', title: column }, column);
    head.setAttribute('scope', 'col');
    return head;
  });
  const head = h('thead', {}, h('tr', help === '' ? {} : { title: help }, ...heads));
  const body = h('tbody', {}, ...rows.map((cells) => h('tr', {}, ...cells)));
  return h('div', { class: 'wide-table' }, h('table', { class: 'figures', aria: { label } }, head, body));
}

function rowHead(content: Child, title = typeof content === 'string' ? content : ''): HTMLElement {
  const head = h('th', { class: 'clip', title }, content);
  head.setAttribute('scope', 'row');
  return head;
}

const number = (text: string, look = ''): HTMLElement => h('td', { class: `num ${look}` }, text);

const bar = ({ accuracy, low, high }: ModelResult): HTMLElement =>
  h('td', { class: 'bar-cell' }, intervalBar(accuracy, [low, high], fairScale));
