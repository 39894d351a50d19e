import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
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

/** The value at a path; undefined where the row has none. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((found, key) => {
    if (Array.isArray(found) && typeof key === 'number') return found[key];
    return isRecord(found) && typeof key === 'string' && Object.hasOwn(found, key) ? found[key] : undefined;
  }, value);
}

/** The row with another value at a path that it has. */
export function withValueAt(value: JsonObject, [key, ...rest]: Path, next: unknown): JsonObject {
  return { ...value, [key]: replaced(value[key], rest, next) };
}

function replaced(value: unknown, path: readonly (string | number)[], next: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  if (Array.isArray(value) && typeof key === 'number') return value.with(key, replaced(value[key], rest, next));
  return isRecord(value) && typeof key === 'string' ? { ...value, [key]: replaced(value[key], rest, next) } : value;
}
