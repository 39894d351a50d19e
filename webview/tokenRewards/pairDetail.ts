import { at } from '../../src/base/pure/must';
import { h, replace } from '../shared/dom';
import type { RewardedView, TokenPlace } from './answerView';
import { logp, named, percent, reward, strings } from './strings';

const { detail: words } = strings;

/** The values of the token under the pointer or the focus: base beside tuned. Its height does not change. */
export class PairDetail {
  readonly element = h('div', { class: 'detail', aria: { hidden: 'true' } });

  constructor() {
    this.clear();
  }

  clear(): void {
    replace(this.element, h('span', { class: 'muted' }, strings.hint));
  }

  show({ side, index }: TokenPlace, { texts, rewards, sums, logps, ref_logps: references }: RewardedView): void {
    const [tuned, base] = [at(logps, index), at(references, index)];
    const value = at(rewards, index);
    replace(
      this.element,
      h('b', { class: `clip ${side}` }, named(at(texts, index))),
      fact(strings.names[side].toLowerCase(), `${words.token} ${index + 1}`),
      fact(words.reward, reward(value), direction(reward(value))),
      fact(words.sum, reward(at(sums, index))),
      fact(words.tuned, `${logp(tuned)} (${percent(tuned)})`),
      fact(words.base, `${logp(base)} (${percent(base)})`),
      fact(words.change, `${logp(tuned - base)} ${words.nats}`),
    );
  }
}

/** The class of a number as it is printed: a value that rounds to 0 has none. */
const direction = (text: string): string =>
  text.startsWith('+') ? 'up-text' : text.startsWith('−') ? 'down-text' : '';

const fact = (name: string, value: string, look = ''): HTMLElement =>
  h('span', { class: 'fact' }, h('span', { class: 'muted' }, name), h('span', { class: `num ${look}` }, value));
