import { isRecord } from '../../../base/pure/isRecord';
import { MarginError } from '../../../base/pure/marginError';
import type { JsonObject } from '../../../pairs/json';
import type { RowColumn } from './rowColumns';

/**
 * Refuses a row that a table would not hold as it is.
 *
 * @param row its number from 1, for the message
 * @throws MarginError `no-column` for a key without a column, `not-unicode` for a text with half of a surrogate pair
 */
export function checkTableRow(value: JsonObject, columns: ReadonlyMap<string, RowColumn>, row: number): void {
  for (const [key, cell] of Object.entries(value)) {
    const field = JSON.stringify(key);
    if (!columns.has(key))
      throw new MarginError('no-column', `Row ${row}: the table has no column for the key ${field}. Add the column.`, {
        row,
        field: key,
      });
    if (isTorn(cell)) {
      const message = `Row ${row}: ${field} is not valid Unicode, so only JSON Lines can hold it. Correct the text, or write JSON Lines.`;
      throw new MarginError('not-unicode', message, { row, field: key });
    }
  }
}

/** Whether a text, or one in a list of messages, holds half of a surrogate pair. Other values are written as JSON. */
function isTorn(cell: unknown): boolean {
  if (typeof cell === 'string') return /\p{Surrogate}/u.test(cell);
  return Array.isArray(cell) && cell.some((item) => isRecord(item) && Object.values(item).some(isTorn));
}

/** Columns by name. */
export function columnsByName(columns: readonly RowColumn[]): ReadonlyMap<string, RowColumn> {
  return new Map(columns.map((column) => [column.name, column]));
}
