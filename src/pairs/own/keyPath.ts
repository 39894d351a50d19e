import { isRecord } from '../../base/pure/isRecord';
import { must } from '../../base/pure/must';
import type { JsonObject } from '../json';

/**
 * The keys of a key path: `responses.0.text` is the key `text` of the first item of `responses`. A dot inside a key is
 * written `\.`, a backslash before a dot or a backslash `\\`.
 */
export function keysOf(path: string): readonly string[] {
  const keys = path.match(/(?:\\[\\.]|[^.])+/g) ?? [];
  return keys.map((key) => key.replaceAll(/\\([\\.])/g, '$1'));
}

/** The path with these keys: the inverse of {@link keysOf}. */
export function pathOf(keys: readonly string[]): string {
  return keys.map((key) => key.replaceAll(/\\(?=[\\.]|$)|\./g, '\\$&')).join('.');
}

/** Whether a text is a key path: no empty keys. */
export function isPath(text: string): boolean {
  return text !== '' && pathOf(keysOf(text)).length === text.length;
}

/** The first key of a path. */
export function firstKey(path: string): string {
  return must(keysOf(path)[0], 'the first key of a path');
}

const indexPattern = /^(?:0|[1-9]\d{0,5})$/;

/** Keys of objects and indices of lists; in a path that a person writes, an index is a text too. */
export type Keys = readonly (string | number)[];

/** The value at some keys of a row; undefined if it has none. */
export function valueAt(value: unknown, keys: Keys): unknown {
  let here = value;
  for (const key of keys) {
    if (Array.isArray(here)) here = isIndex(key) ? (here as unknown[])[Number(key)] : undefined;
    else here = isRecord(here) && typeof key === 'string' && Object.hasOwn(here, key) ? here[key] : undefined;
  }
  return here;
}

/** A copy of a row with another value at some keys. Objects and lists that it lacks are added. */
export function withValueAt(row: JsonObject, keys: Keys, next: unknown): JsonObject {
  const changed = replaced(row, keys, next);
  return isRecord(changed) ? changed : row;
}

function replaced(here: unknown, [key, ...rest]: Keys, next: unknown): unknown {
  if (key === undefined) return next;
  if (Array.isArray(here) || (!isRecord(here) && isIndex(key))) {
    const list: unknown[] = Array.isArray(here) ? [...(here as unknown[])] : [];
    while (list.length < Number(key)) list.push(null);
    list[Number(key)] = replaced(list[Number(key)], rest, next);
    return list;
  }
  const before = isRecord(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  return { ...(isRecord(here) ? here : {}), [key]: replaced(before, rest, next) };
}

function isIndex(key: string | number): boolean {
  return typeof key === 'number' || indexPattern.test(key);
}
