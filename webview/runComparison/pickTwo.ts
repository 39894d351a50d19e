import type { RunRow, TwoRuns } from '../../src/protocol/runComparison';
import { dropdown } from '../shared/controls';
import { h } from '../shared/dom';
import { strings } from './strings';

/** Two lists that choose the runs that are held against each other. */
export function pickTwo(
  { first, second }: TwoRuns,
  runs: readonly RunRow[],
  choose: (part: Partial<TwoRuns>) => void,
  ...more: readonly HTMLElement[]
): HTMLElement {
  const choices = runs
    .filter(({ problem }) => problem === null)
    .map(({ folder, name, baseline }) => ({ id: folder, label: baseline ? `${name} (${strings.baseline})` : name }));
  return h(
    'div',
    { class: 'bar two' },
    dropdown(strings.firstRun, choices, first, (folder) => choose({ first: folder })),
    h('span', { class: 'muted' }, strings.against),
    dropdown(strings.secondRun, choices, second, (folder) => choose({ second: folder })),
    h('span', { class: 'grow' }),
    ...more,
  );
}
