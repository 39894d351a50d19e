import type { RunRow } from '../../src/protocol/runComparison';
import type { ConfigDifference } from '../../src/run/compared/types';
import { h } from '../shared/dom';
import { strings } from './strings';

/** The keys in which the shown runs differ. */
export function configTable(differences: readonly ConfigDifference[], runs: readonly RunRow[]): readonly HTMLElement[] {
  if (differences.length === 0) return [h('div', { class: 'empty' }, strings.sameConfig)];
  const head = [strings.key, ...runs.map(({ name }) => name)].map((label) => {
    const cell = h('th', { class: 'clip', title: label }, label);
    cell.setAttribute('scope', 'col');
    return cell;
  });
  const rows = differences.map(({ name, help, values }) => {
    const key = h('th', { class: 'mono', title: help ?? name }, name);
    key.setAttribute('scope', 'row');
    const cells = values.map(({ text, isDefault }) =>
      h(
        'td',
        { class: 'mono clip', title: text },
        text,
        isDefault ? h('span', { class: 'muted' }, ` ${strings.default}`) : null,
      ),
    );
    return h('tr', {}, key, ...cells);
  });
  const caption = strings.onlyDifferent(differences.length);
  const table = h(
    'table',
    { class: 'figures config-diff', aria: { label: strings.tabs.config } },
    h('thead', {}, h('tr', {}, ...head)),
    h('tbody', {}, ...rows),
  );
  table.style.setProperty('--runs', String(runs.length));
  // Many runs make it wider than the view, and then keys must scroll it.
  const region = h('div', { class: 'wide-table', role: 'region', tabIndex: 0, aria: { label: caption } }, table);
  return [h('p', { class: 'muted caption' }, caption), region];
}
