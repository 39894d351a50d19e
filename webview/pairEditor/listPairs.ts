import { at } from '../../src/base/pure/must';
import type { ListDetail, ListedAnswer, ListedPair } from '../../src/protocol/listDetail';
import { h } from '../shared/dom';
import { signed } from '../shared/format';
import { strings } from './strings';

/** Most characters of an answer that a pair shows; more do not fit. */
const maxText = 120;

export interface ListPairsLook {
  readonly selected: number;
  /** Whether to draw margins. */
  readonly scored: boolean;
  readonly choose: (pair: number) => void;
}

/** The pairs of a list, of which one is selected: by a click, or by the arrow keys as in any group of radio buttons. */
export function listPairs(list: ListDetail, { selected, scored, choose }: ListPairsLook): HTMLElement {
  const { pairs } = list;
  const buttons = pairs.map((pair, i) => button(list, pair, i, i === selected));
  const group = h('div', { class: 'list-pairs', role: 'radiogroup', aria: { label: strings.listPairs } }, ...buttons);
  group.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    // Outside of the group, the arrow keys select rows.
    event.stopPropagation();
    const next = (selected + step + pairs.length) % pairs.length;
    buttons[next]?.focus();
    choose(next);
  });
  return group;

  function button({ answers, measure }: ListDetail, pair: ListedPair, i: number, checked: boolean): HTMLElement {
    const [chosen, rejected] = [at(answers, pair.chosen), at(answers, pair.rejected)];
    const values = `${chosen.value} ${pair.tie ? '=' : '›'} ${rejected.value}`;
    const margin = pair.reward === null ? '–' : signed(pair.reward.margin);
    const tone = pair.reward === null ? 'muted' : pair.reward.margin < 0 ? 'bad' : 'good';
    return h(
      'button',
      {
        id: `pair-${i}`,
        class: checked ? 'list-pair-row selected' : 'list-pair-row',
        role: 'radio',
        tabIndex: checked ? 0 : -1,
        aria: { checked: String(checked) },
        on: { click: () => choose(i) },
      },
      h('span', { class: 'num', title: measure }, values),
      h('span', { class: 'clip' }, textOf(chosen)),
      h('span', { class: 'clip muted' }, textOf(rejected)),
      scored ? h('span', { class: `num ${tone}` }, margin) : null,
    );
  }
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

function textOf({ turns }: ListedAnswer): string {
  const last = turns.at(-1);
  return last === undefined ? '' : last.content.slice(0, maxText).replaceAll(/\s+/g, ' ').trim();
}
