import type { PairEdit } from '../pairs/pairEdits';

/** The name of an edit in the menu of undo. */
export function editLabel({ kind }: PairEdit): string {
  switch (kind) {
    case 'rate':
      return 'Change score';
    case 'answer':
    case 'text':
    case 'raw':
      return 'Edit text';
    case 'addTurn':
      return 'Add turn';
    case 'removeTurn':
      return 'Remove turn';
    case 'moveTurn':
      return 'Move turn';
    case 'changeRole':
      return 'Change role';
    case 'splitTurn':
      return 'Split into new pair';
    case 'tools':
      return 'Edit tools';
    case 'fix':
      return 'Fix problem';
    case 'swap':
      return 'Swap sides';
    case 'delete':
      return 'Delete row';
    case 'move':
      return 'Move row';
    case 'duplicate':
      return 'Duplicate row';
    case 'insert':
      return 'Insert row';
  }
}
