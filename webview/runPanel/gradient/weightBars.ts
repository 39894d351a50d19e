import { at } from '../../../src/base/pure/must';
import { gradientParts, type GradientPage } from '../../../src/protocol/gradient';
import { h, replace } from '../../shared/dom';
import { compact, counted } from '../../shared/format';
import { gradientStrings as words } from './gradientStrings';
import { percent } from './sentences';

/** A histogram of the weights under a choice, with those of the run's own choice as an outline. */
export class WeightHistogram {
  readonly element = h('div', { class: 'weights', role: 'img' });

  /** @param compares whether to draw the run's own choice too */
  show({ histogram: { edges, counts, own }, pairs, spread }: GradientPage, compares: boolean): void {
    const highest = Math.max(1, ...counts, ...(compares ? own : []));
    const bars = counts.map((count, i) => {
      const other = compares && own.length > 0 ? at(own, i) : null;
      const [low, high] = [compact(at(edges, i)), compact(at(edges, i + 1))];
      const title = words.bin(low, high, counted(count), other === null ? null : counted(other));
      const bar = (name: string, value: number): HTMLElement => {
        const element = h('i', { class: name });
        // A narrow peak under one choice must not flatten the other.
        element.style.height = `${100 * Math.sqrt(value / highest)}%`;
        return element;
      };
      return h('span', { class: 'weight-bin', title }, bar('fill', count), other ? bar('own', other) : null);
    });
    const mean = typeof spread === 'string' ? '' : compact(spread.mean);
    this.element.setAttribute('aria-label', words.histogram(counted(pairs), mean));
    const scale = h(
      'div',
      { class: 'weight-scale num muted', aria: { hidden: 'true' } },
      h('span', {}, '0'),
      h('span', { class: 'clip' }, words.scale),
      h('span', {}, compact(at(edges, edges.length - 1))),
    );
    replace(this.element, h('div', { class: 'weight-bins' }, ...bars), scale);
  }
}

/**
 * What the heaviest pairs carry: a bar for each part, with a mark at the share of the run's own choice.
 *
 * @param compares whether to show the run's own choice too
 */
export function shareList({ spread, own: known }: GradientPage, compares: boolean): HTMLElement {
  if (typeof spread === 'string') return h('div');
  const own = compares ? known : null;
  const rows = gradientParts.map((part, i) => {
    const share = at(spread.shares, i);
    const fill = h('i', { class: 'fill' });
    fill.style.width = percentWidth(share);
    const mark = own ? h('i', { class: 'mark', title: `${words.columns.own} ${percent(at(own.shares, i))}` }) : null;
    if (own && mark) mark.style.left = percentWidth(at(own.shares, i));
    return h(
      'div',
      { class: 'share', role: 'listitem' },
      h('span', { class: 'muted' }, words.top(percent(part))),
      h('span', { class: 'share-bar', aria: { hidden: 'true' } }, fill, mark),
      h('b', { class: 'num' }, percent(share)),
      h('span', { class: 'num muted' }, own ? `${words.columns.own} ${percent(at(own.shares, i))}` : ''),
    );
  });
  return h('div', { class: 'shares', role: 'list' }, ...rows);
}

const percentWidth = (share: number): string => `${Math.min(100, 100 * share)}%`;
