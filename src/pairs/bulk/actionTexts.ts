import type { RowChange } from './rowChange';
import { rowsIn } from './sentences';

/** What an action does to each of the selected rows. */
export type ActionChange = Exclude<RowChange, { kind: 'find' | 'preview' | 'replace' }> | { readonly kind: 'delete' };

/** The name of an undo step: `Swap sides of 3 rows`. */
export function actionLabel(change: ActionChange, rows: number): string {
  switch (change.kind) {
    case 'swap':
      return `Swap sides of ${rowsIn(rows)}`;
    case 'trim':
      return `Trim white space in ${rowsIn(rows)}`;
    case 'weight':
      return `Set weight ${change.weight} of ${rowsIn(rows)}`;
    case 'delete':
      return `Delete ${rowsIn(rows)}`;
  }
}

/** What was done, without the full stop. */
export function actionSentence(change: ActionChange, rows: number): string {
  switch (change.kind) {
    case 'swap':
      return `Swapped the sides of ${rowsIn(rows)}`;
    case 'trim':
      return `Trimmed white space in ${rowsIn(rows)}`;
    case 'weight':
      return `Set the weight ${change.weight} of ${rowsIn(rows)}`;
    case 'delete':
      return `Deleted ${rowsIn(rows)}`;
  }
}
