import type { RowDetail } from '../../src/protocol/pairEditor';
import { h, icon } from '../shared/dom';
import { signed } from '../shared/format';
import { markPosition } from '../shared/marginBar';
import { strings } from './strings';

/**
 * A line with the margin, and both rewards as marks on a scale around zero. All rows share the scale. A row without a
 * reward also has the line, so that the answers below do not move.
 */
export function marginLine({ reward, judged }: Pick<RowDetail, 'reward' | 'judged'>, widest: number): HTMLElement {
  const label = h('span', { class: 'muted', ...(judged ? { title: strings.judgedMargin } : {}) }, strings.margin);
  if (!reward)
    return h(
      'div',
      { class: 'margin-line' },
      label,
      h('b', { class: 'num muted' }, '–'),
      h('span', { class: 'muted clip' }, strings.notScored),
    );
  const { margin, before } = reward;
  const sides = (['chosen', 'rejected'] as const).flatMap((side) => {
    const value = reward[side]?.reward;
    if (value === undefined) return [];
    return [{ side, value, text: strings.rewardOf(judged ? strings.answer : strings[side], signed(value)) }];
  });
  const scale = h('span', { class: 'scale', role: 'img', aria: { label: sides.map(({ text }) => text).join(', ') } });
  scale.append(...sides.map(({ side, value, text }) => mark(value, side, text, widest)));
  const disagrees = judged ? strings.disagrees : strings.prefersRejected;
  return h(
    'div',
    { class: 'margin-line' },
    label,
    h('b', { class: margin < 0 ? 'num bad' : 'num good' }, signed(margin)),
    scale,
    before === null ? null : h('span', { class: 'muted num' }, strings.was(signed(before), signed(margin - before))),
    margin < 0 ? h('span', { class: 'warn clip' }, icon('warning'), ` ${disagrees}`) : null,
  );
}

function mark(value: number, side: 'chosen' | 'rejected', title: string, widest: number): HTMLElement {
  const element = h('i', { class: side, title });
  element.style.left = `${markPosition(value, widest)}%`;
  return element;
}
