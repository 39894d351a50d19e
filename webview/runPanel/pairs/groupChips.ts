import type { ShownNumber } from '../../../src/pairs/fileNumber';
import type { GroupedBy, PairGroup } from '../../../src/protocol/runPanel';
import { dropdown } from '../../shared/controls';
import { h, replace } from '../../shared/dom';
import { counted } from '../../shared/format';
import { isSameFilter } from './numberFields';
import { shortName } from './numberNames';
import { numberText } from './pairColumns';
import { pairStrings } from './pairStrings';

export interface GroupActions {
  /** Filters by a group; null: by none, because the chosen group is chosen again. */
  readonly choose: (group: PairGroup | null) => void;
  readonly by: (by: GroupedBy) => void;
}

/** A button for each group with the number of its pairs; a bar below it shows its share. */
export class GroupChips {
  readonly element = h('div', { class: 'groups', role: 'group', aria: { label: pairStrings.groupsName } });
  private readonly choice = h('span', { class: 'group-choice' });
  private readonly chips = h('span', { class: 'chips' });
  private drawn = '';
  private drawnChoice = '';

  constructor(private readonly actions: GroupActions) {
    replace(this.element, this.choice, this.chips);
  }

  /**
   * @param filter the filter of the view, which may be that of a group
   * @param known numbers that can divide the pairs
   */
  show(groups: readonly PairGroup[], by: GroupedBy, filter: string, known: ReadonlySet<ShownNumber>): void {
    this.drawChoice(by, known);
    const drawn = JSON.stringify([groups, by, filter]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const focused = [...this.chips.children].indexOf(document.activeElement as Element);
    const total = groups.reduce((sum, { count }) => sum + count, 0);
    this.element.classList.toggle('none', total === 0);
    this.chips.hidden = total === 0;
    replace(this.chips, ...groups.map((group) => this.chip(group, total, isSameFilter(filter, group.filter))));
    (this.chips.children[focused] as HTMLElement | undefined)?.focus();
  }

  private drawChoice(by: GroupedBy, known: ReadonlySet<ShownNumber>): void {
    const drawn = JSON.stringify([by, [...known]]);
    if (drawn === this.drawnChoice) return;
    this.drawnChoice = drawn;
    const numbers = new Set([...known, ...(by === 'dynamics' ? [] : [by])]);
    const choices: { id: GroupedBy; label: string }[] = [
      { id: 'dynamics', label: pairStrings.dynamics },
      ...[...numbers].map((id) => ({ id, label: pairStrings.byNumber(shortName(id)) })),
    ];
    const choose = (id: string): void => {
      const found = choices.find((choice) => choice.id === id);
      if (found) this.actions.by(found.id);
    };
    replace(this.choice, dropdown(pairStrings.groupsBy, choices, by, choose));
  }

  private chip(shown: PairGroup, total: number, isChosen: boolean): HTMLElement {
    const share = h('i', { class: 'share', aria: { hidden: 'true' } });
    share.style.width = `${(100 * shown.count) / Math.max(1, total)}%`;
    const { name, help } = nameOf(shown);
    return h(
      'button',
      {
        class: typeof shown.group === 'string' ? `group ${shown.group}` : 'group',
        title: help,
        aria: { pressed: String(isChosen) },
        on: { click: () => this.actions.choose(isChosen ? null : shown) },
      },
      `${name} `,
      h('b', { class: 'num' }, counted(shown.count)),
      share,
    );
  }
}

function nameOf({ group }: PairGroup): { readonly name: string; readonly help: string } {
  if (typeof group === 'string') return pairStrings.groups[group];
  const { by, range } = group;
  const words = pairStrings.group;
  if (range === null) return { name: words.none, help: words.noneHelp(shortName(by)) };
  const [low, high] = [numberText(by, range.low), numberText(by, range.high)];
  const between = range.isClosed ? words.range(low, high) : words.below(low, high);
  const name = range.low === range.high ? low : between;
  return { name, help: words.help(shortName(by), name) };
}
