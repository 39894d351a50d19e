import type { VirtualList } from '../shared/virtualList';
import type { Action } from './actions';
import type { RowEditing } from './rowEditing';

/** What actions on the selected row act through. */
export interface ActionTargets {
  readonly list: VirtualList;
  readonly editing: RowEditing;
  readonly focusFilter: () => void;
  readonly sortByMargin: () => void;
  readonly render: () => void;
  readonly beginEdit: () => void;
  readonly command: (name: 'goToRow' | 'chooseFormat') => void;
}

/** Does what a key, a button or a command of the palette asks for. */
export function actOn(name: Action, targets: ActionTargets): void {
  const { list, editing } = targets;
  switch (name) {
    case 'next':
      return list.move(list.selected + 1);
    case 'previous':
      return list.move(list.selected - 1);
    case 'edit':
      return targets.beginEdit();
    case 'sortByMargin':
      return targets.sortByMargin();
    case 'render':
      return targets.render();
    case 'focusFilter':
      return targets.focusFilter();
    case 'goToRow':
    case 'chooseFormat':
      return targets.command(name);
    case 'insert':
    case 'swap':
    case 'delete':
    case 'duplicate':
    case 'moveUp':
    case 'moveDown':
      return editing.editSelected(name);
  }
}
