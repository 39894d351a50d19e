import type { ListDetail, ListedAnswer } from '../../src/protocol/pairEditor';
import { h } from '../shared/dom';
import { answerHead } from './answerHead';
import { strings } from './strings';

/** The answers of a list, best first, each with its score or rank. Above them it says which pairs the list becomes. */
export function listPane({ answers, measure, pairs, rule }: ListDetail): HTMLElement {
  const note = h('p', { class: 'muted' }, strings.listNote(pairs, rule));
  return h('div', { class: 'columns single' }, h('div', { class: 'list' }, note, ...answers.map(answer)));

  function answer({ turns, value, model }: ListedAnswer): HTMLElement {
    const score = value === null ? strings.unrated : `${measure} ${value}`;
    const head = answerHead({ name: score, turns, reward: null, unlike: false });
    if (model !== null) head.append(h('span', { class: 'muted clip', title: model }, model));
    const drawn = turns.map(({ role, content }) =>
      h(
        'div',
        { class: turns.length === 1 ? 'turn answer' : `turn ${role}` },
        turns.length === 1 ? null : h('span', { class: 'role muted clip', title: role }, role),
        h('div', { class: 'text' }, content),
      ),
    );
    return h('section', { class: 'column', aria: { label: head.innerText } }, head, ...drawn);
  }
}
