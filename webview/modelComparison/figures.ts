import { must } from '../../src/base/pure/must';
import type { ComparisonTable } from '../../src/pairs/comparison/comparisonCsv';
import type { ComparisonResult, DuelResult } from '../../src/pairs/comparison/comparisonResult';
import type { ValueMeasure } from '../../src/pairs/comparison/valueMeasure';
import type { ComparedQuery, ModelComparisonState } from '../../src/protocol/modelComparison';
import { h, icon } from '../shared/dom';
import { duelTable } from './duelTable';
import { strings } from './strings';
import { modelTable, sectionTable, sliceTable } from './tables';

export interface FigureActions {
  /** Shows other pairs in the list. */
  readonly choose: (part: Partial<ComparedQuery>) => void;
  readonly measure: (measure: ValueMeasure) => void;
  readonly save: (table: ComparisonTable) => void;
}

/** The figures of a comparison, from the whole file to two models. */
export function figures(
  { result: found, names, leftOut, moreSlices }: ModelComparisonState,
  query: ComparedQuery,
  actions: FigureActions,
): (HTMLElement | null)[] {
  const result = must(found, 'the result of a comparison');
  const sections = sectionTable(result, names);
  const { slice_key: key, slices } = result;
  const csv = (table: ComparisonTable, what: string): HTMLElement => csvLink(what, () => actions.save(table));
  return [
    h('p', { class: 'muted note' }, strings.about(result)),
    leftOut === null ? null : h('p', { class: 'muted note' }, leftOut),
    noReference(result, names, actions),
    section(strings.who, modelTable(result, names), csv('models', strings.who)),
    duels(result, names, query, actions, csv('duels', strings.duels)),
    sections && section(strings.sections, sections, csv('sections', strings.sections), missing(result, names)),
    key === undefined || slices === undefined
      ? null
      : section(
          strings.slices(key),
          sliceTable(key, slices, names, (slice) => actions.choose({ slice })),
          csv('slices', strings.slices(key)),
          moreSlices === 0 ? null : h('p', { class: 'muted note' }, strings.moreSlices(moreSlices)),
        ),
  ];
}

/** Says so if a model is its own reference, and offers another measure. */
function noReference(
  { models, measure, pairs }: ComparisonResult,
  names: readonly string[],
  actions: FigureActions,
): HTMLElement | null {
  const still = names.filter((name) => models[name]?.ties === pairs);
  if (measure !== 'reward' || still.length === 0) return null;
  const use = h('button', { class: 'link', on: { click: () => actions.measure('avg') } }, strings.useLogProbs);
  return h('p', { class: 'note warn' }, icon('warning'), ` ${strings.noReference(still)} `, use);
}

function missing({ sections }: ComparisonResult, names: readonly string[]): HTMLElement | null {
  const [first = ''] = names;
  const subsets = sections?.[first]?.flatMap((one) => one.missing) ?? [];
  return subsets.length === 0 ? null : h('p', { class: 'muted note' }, strings.missing(subsets));
}

/** McNemar's test in words for each two models, and the table of the chosen two. */
function duels(
  result: ComparisonResult,
  names: readonly string[],
  query: ComparedQuery,
  actions: FigureActions,
  csv: HTMLElement,
): HTMLElement {
  const isShown = ({ models: [first, second] }: DuelResult): boolean =>
    first === names[query.first] && second === names[query.second];
  const shown = must(result.duels.find(isShown), 'the comparison of two models');
  const item = (duel: DuelResult): HTMLElement => {
    const [first, second] = duel.models.map((name) => names.indexOf(name));
    const click = (): void => actions.choose({ first: Number(first), second: Number(second), cell: 'flips' });
    const aria = { pressed: String(duel === shown), label: `${strings.versus(duel.models)}: ${duel.text}` };
    return h('li', {}, h('button', { class: 'option', aria, on: { click } }, duel.text));
  };
  const sentences =
    result.duels.length === 1
      ? h('p', { class: 'sentence' }, shown.text)
      : h('ul', { class: 'duels', aria: { label: strings.duel } }, ...result.duels.map(item));
  const table = duelTable(shown, query.cell, (cell) => actions.choose({ cell }));
  return section(strings.duels, h('div', {}, sentences, table), csv);
}

function csvLink(what: string, save: () => void): HTMLElement {
  const title = strings.csvTitle(what);
  return h('button', { class: 'link', title, aria: { label: title }, on: { click: save } }, strings.csv);
}

function section(
  title: string,
  content: HTMLElement,
  beside: HTMLElement,
  below: HTMLElement | null = null,
): HTMLElement {
  return h('section', { class: 'block', aria: { label: title } }, h('h2', {}, title, beside), content, below);
}
