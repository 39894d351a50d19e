import { sideName, type TurnSide } from '../../src/pairs/turnEdits';
import type { RowDetail } from '../../src/protocol/pairEditor';
import type { TurnPlace } from '../../src/protocol/turnPlace';
import { openMenu, withMenu } from '../shared/contextMenu';
import { h, icon } from '../shared/dom';
import { strings } from './strings';

/** The place of one of the turns of a side. @param turns how many it has */
export function placeOf(
  { row, revision, list }: Pick<RowDetail, 'row' | 'revision' | 'list'>,
  side: TurnSide,
  role: string,
  turn: number,
  turns: number,
): TurnPlace {
  return { row, side, turn, role, isFirst: turn === 0, isLast: turn === turns - 1, isList: list !== null, revision };
}

/** Gives a turn VS Code's context menu, which gets the place of the turn. The manifest lists the commands. */
export function turnMenu(element: HTMLElement, place: TurnPlace): HTMLElement {
  return withMenu(element, 'turn', { ...place });
}

/** The role of a turn, as a button that opens the turn's menu. */
export function roleButton(place: TurnPlace): HTMLElement {
  return menuButton(place, 'role link muted', h('span', { class: 'clip' }, place.role), icon('chevron-down'));
}

/** A button that opens the menu of a turn whose role is not shown, because it is the whole answer. */
export function turnButton(place: TurnPlace): HTMLElement {
  return menuButton(place, 'link muted more', icon('ellipsis'));
}

function menuButton(place: TurnPlace, name: string, ...children: readonly HTMLElement[]): HTMLElement {
  const label = strings.turnMenu(sideName(place.side), place.role);
  const properties = { class: name, title: label, aria: { label, haspopup: 'menu' } };
  // The menu of a button has no Cut, Copy and Paste.
  const context = { ...place, preventDefaultContextMenuItems: true };
  const element = withMenu(h('button', properties, ...children), 'turn', context);
  element.addEventListener('click', (event) => {
    event.stopPropagation();
    openMenu(element);
  });
  return element;
}
