import { isRecord } from '../../../base/pure/isRecord';
import type { JsonObject } from '../../../pairs/json';

/**
 * What a column of a table holds. `messages` are lists of `{role, content}`, both texts, with no other key. `json` is
 * anything else, including a mixture; it is written as JSON text.
 */
export type ColumnType = 'text' | 'integer' | 'number' | 'boolean' | 'messages' | 'json';

export interface RowColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/**
 * Finds the columns of a table from its rows: pass each row to it, then ask for the columns. They come in the order in
 * which their keys first appear. A missing key or a null does not affect the type. A column without any value is text.
 *
 * After `{"a": 1}` and `{"a": 2.5, "b": "x"}` the columns are `a`, a number, and `b`, a text.
 */
export class ColumnTally {
  private readonly types = new Map<string, ColumnType | null>();

  add(row: JsonObject): void {
    for (const [key, value] of Object.entries(row)) {
      const before = this.types.get(key) ?? null;
      this.types.set(key, both(before, typeOf(value)));
    }
  }

  columns(): RowColumn[] {
    return [...this.types].map(([name, type]) => ({ name, type: type ?? 'text' }));
  }
}

function both(a: ColumnType | null, b: ColumnType | null): ColumnType | null {
  if (a === null || b === null) return a ?? b;
  if (a === b) return a;
  const numbers = (a === 'integer' || a === 'number') && (b === 'integer' || b === 'number');
  return numbers ? 'number' : 'json';
}

function typeOf(value: unknown): ColumnType | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'number';
  return Array.isArray(value) && value.every(isMessage) ? 'messages' : 'json';
}

function isMessage(value: unknown): boolean {
  return (
    isRecord(value) &&
    Object.keys(value).length === 2 &&
    typeof value['role'] === 'string' &&
    typeof value['content'] === 'string'
  );
}
