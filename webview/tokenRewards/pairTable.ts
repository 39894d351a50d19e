import { at } from '../../src/base/pure/must';
import { h } from '../shared/dom';
import { type RewardedView, type Side, sides } from './answerView';
import { logp, named, reward, strings } from './strings';

/** The same as the heat, as a table for each answer. */
export function pairTables(answers: Readonly<Record<Side, RewardedView>>): HTMLElement {
  return h('div', { class: 'answers tables' }, ...sides.map((side) => tableOf(strings.names[side], answers[side])));
}

function tableOf(name: string, { texts, rewards, logps, ref_logps: references }: RewardedView): HTMLElement {
  const rows = texts.map((text, i) =>
    h(
      'tr',
      {},
      h('td', { class: 'num muted' }, String(i + 1)),
      h('td', { class: 'word' }, named(text)),
      h('td', { class: 'num' }, reward(at(rewards, i))),
      h('td', { class: 'num' }, logp(at(logps, i))),
      h('td', { class: 'num' }, logp(at(references, i))),
    ),
  );
  const head = strings.columns.map((column) => h('th', { class: column === 'token' ? '' : 'num' }, column));
  return h(
    'table',
    { aria: { label: strings.tableOf(name) } },
    h('thead', {}, h('tr', {}, ...head)),
    h('tbody', {}, ...rows),
  );
}
