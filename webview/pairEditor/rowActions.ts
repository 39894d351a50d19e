import type { VirtualList } from '../shared/virtualList';
import type { Action } from './actions';
import type { RowEditing } from './rowEditing';
import type { TextLook } from './textLook';
import type { TokensView } from './tokens/tokensView';
import type { Toolbar } from './toolbar';

/** What actions on the selected row act through. */
export interface ActionTargets {
  readonly list: VirtualList;
  readonly editing: RowEditing;
  readonly toolbar: Toolbar;
  readonly look: TextLook;
  readonly tokens: TokensView;
  readonly sortByMargin: () => void;
  /** Does not wait for a promise, but shows its error. */
  readonly run: (promise: Promise<unknown>) => void;
  readonly command: (name: 'goToRow' | 'chooseFormat') => void;
}

/** Does what a key, a button or a command of the palette asks for. */
export function actOn(name: Action, targets: ActionTargets): void {
  const { list, editing, toolbar, look, tokens } = targets;
  switch (name) {
    case 'next':
      return list.move(list.selected + 1);
    case 'previous':
      return list.move(list.selected - 1);
    case 'edit':
      tokens.set(false);
      return targets.run(editing.begin());
    case 'tools':
      tokens.set(false);
      return targets.run(editing.beginTools());
    case 'sortByMargin':
      return targets.sortByMargin();
    case 'render':
      return targets.run(look.toggleRendered());
    case 'tokens':
      return tokens.set(!tokens.isOn);
    case 'focusFilter':
      return toolbar.focusFilter();
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
