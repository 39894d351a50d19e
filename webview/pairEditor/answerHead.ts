import type { Message } from '../../src/pairs/pair';
import type { SideReward } from '../../src/pairs/rowRewards';
import { h } from '../shared/dom';
import { counted, signed } from '../shared/format';
import { strings } from './strings';

export interface AnswerHead {
  readonly name: string;
  readonly turns: readonly Message[];
  readonly reward: SideReward | null;
  /** Whether the answers have too little in common for a word diff. */
  readonly unlike: boolean;
}

/** Side, length and reward of an answer. The length is in tokens if the answer was scored, else in characters. */
export function answerHead({ name, turns, reward, unlike }: AnswerHead): HTMLElement {
  const characters = turns.reduce((sum, { content }) => sum + content.length, 0);
  const size = reward ? strings.tokens(counted(reward.tokens)) : strings.characters(counted(characters));
  return h(
    'h2',
    {},
    name === '' ? null : h('b', {}, name),
    h('span', { class: 'muted num' }, size),
    reward ? h('span', { class: 'num' }, strings.reward(signed(reward.reward))) : null,
    h('span', { class: 'grow' }),
    !unlike ? null : h('span', { class: 'muted clip unlike', title: strings.noDiffTitle }, strings.noDiff),
  );
}
