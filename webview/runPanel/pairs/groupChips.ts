import type { PairGroup } from '../../../src/protocol/runPanel';
import { h, replace } from '../../shared/dom';
import { counted } from '../../shared/format';
import { choiceOf } from './numberFields';
import { pairStrings } from './pairStrings';

/** A button for each group with the number of its pairs; a bar below it shows its share. */
export class GroupChips {
  readonly element = h('div', { class: 'groups', role: 'group', aria: { label: pairStrings.groupsName } });
  private drawn = '';

  /** @param choose called with a term such as `group:forgotten`; empty if the chosen group is chosen again */
  constructor(private readonly choose: (filter: string) => void) {}

  /** @param filter the filter of the view, which may name a group */
  show(groups: readonly PairGroup[], filter: string): void {
    const drawn = JSON.stringify([groups, filter]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const focused = [...this.element.children].indexOf(document.activeElement as Element);
    const total = groups.reduce((sum, { count }) => sum + count, 0);
    this.element.hidden = total === 0;
    const chosen = choiceOf(filter, 'group');
    replace(this.element, ...groups.map((group) => this.chip(group, total, group.group === chosen)));
    (this.element.children[focused] as HTMLElement | undefined)?.focus();
  }

  private chip({ group, count }: PairGroup, total: number, isChosen: boolean): HTMLElement {
    const share = h('i', { class: 'share', aria: { hidden: 'true' } });
    share.style.width = `${(100 * count) / Math.max(1, total)}%`;
    const { name, help } = pairStrings.groups[group];
    return h(
      'button',
      {
        class: `group ${group}`,
        title: help,
        aria: { pressed: String(isChosen) },
        on: { click: () => this.choose(isChosen ? '' : `group:${group}`) },
      },
      `${name} `,
      h('b', { class: 'num' }, counted(count)),
      share,
    );
  }
}
