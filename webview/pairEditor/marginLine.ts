import type { RowDetail } from '../../src/protocol/pairEditor';
import { h, icon } from '../shared/dom';
import { signed } from '../shared/format';
import { strings } from './strings';

/**
 * The margin, and both rewards as marks on one scale around zero, the same for all rows. Stays where it is for rows
 * without a reward.
 */
export function marginLine({ reward, judged }: RowDetail, widest: number): HTMLElement {
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
    before === null ? null : h('span', { class: 'muted num' }, strings.was(signed(before))),
    margin < 0 ? h('span', { class: 'warn clip' }, icon('warning'), ` ${disagrees}`) : null,
  );
}

/** A bar from the middle of a cell: to the left below zero, to the right above. */
export function marginBar(margin: number, widest: number): HTMLElement {
  const fill = h('i', { class: margin < 0 ? 'below' : 'above' });
  const share = Math.min(50, (50 * Math.abs(margin)) / Math.max(widest, 1e-9));
  fill.style.width = `${share}%`;
  fill.style.left = margin < 0 ? `${50 - share}%` : '50%';
  return fill;
}

function mark(value: number, side: 'chosen' | 'rejected', title: string, widest: number): HTMLElement {
  const element = h('i', { class: side, title });
  element.style.left = `${50 + (48 * value) / Math.max(widest, 1e-9)}%`;
  return element;
}
