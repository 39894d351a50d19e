import type { JsonObject } from '../json';
import { keysOf, valueAt, withValueAt } from './keyPath';
import type { ColumnName, OwnColumns } from './ownColumns';
import { columnEntries } from './ownColumns';

/** A row under the names that the formats know. */
export interface RowView {
  /** The values at the paths, each under its name. Values that the row lacks are left out. */
  of(value: JsonObject): JsonObject;
  /** `value` with the values of `named`, a changed {@link of}, at their paths. */
  write(value: JsonObject, named: JsonObject): JsonObject;
}

/**
 * The view of rows with such columns. A prompt with a `query` after it has the names of alpaca.
 *
 * `{"prompt": "q.text", "chosen": "good"}` shows `{"q": {"text": "2 + 2?"}, "good": "4"}` as
 * `{"prompt": "2 + 2?", "chosen": "4"}`.
 */
export function rowView(own: OwnColumns): RowView {
  const entries = columnEntries(own).map(([name, path]) => ({ name: nameOf(name, own), keys: keysOf(path) }));
  const of = (value: JsonObject): JsonObject =>
    Object.fromEntries([
      ...(own.tools === undefined && 'tools' in value ? [['tools', value['tools']]] : []),
      ...entries.flatMap(({ name, keys }) => {
        const found = valueAt(value, keys);
        return found === undefined ? [] : [[name, found]];
      }),
    ]);
  return {
    of,
    write: (value, named) => {
      const old = of(value);
      const changed = entries.filter(({ name }) => named[name] !== old[name]);
      return changed.reduce((row, { name, keys }) => withValueAt(row, keys, named[name]), value);
    },
  };
}

function nameOf(name: ColumnName, { query }: OwnColumns): string {
  if (query === undefined) return name;
  return name === 'prompt' ? 'instruction' : name === 'query' ? 'input' : name;
}
