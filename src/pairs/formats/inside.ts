import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import { valueAt, withValueAt } from '../own/keyPath';
import type { Part } from './parts';

/** The path from a row to a value: keys of objects and indices of lists. */
export type Path = readonly [string, ...(string | number)[]];

/** A part of an object inside the row: `inside(['info'], text('post', 'user'))` is the text `info.post`. */
export function inside(path: Path, part: Part): Part {
  const of = (value: JsonObject): JsonObject => {
    const found = valueAt(value, path);
    return isRecord(found) ? found : {};
  };
  return {
    shape: 'other',
    keys: [path[0]],
    fits: (value) => isRecord(valueAt(value, path)) && part.fits(of(value)),
    read: (value) => part.read(of(value)),
    write: (value, turns) => withValueAt(value, path, part.write(of(value), turns)),
    blank: () => ({}),
  };
}
