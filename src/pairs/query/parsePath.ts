import { keysOf } from '../own/keyPath';
import type { QueryReader } from './queryReader';

/** The start of a column: `.key`, `."a key"` or `column.key`. */
export const pathPattern = /(?:column)?\.(?=["\p{L}_$])/uy;
const plainKeys = /(?:\\[\\.]|[\p{L}\p{N}_$-]|\.(?=[\p{L}\p{N}_$-]))+/uy;

/**
 * The keys of a column: `.meta.score` is the key `score` of the object `meta`, `."a key".score` one with a space in its
 * name. A dot inside a key is written `\.`.
 */
export function takePath(reader: QueryReader): readonly string[] {
  reader.take(pathPattern);
  const keys: string[] = [];
  for (;;) {
    if (reader.peek(/"/y) !== null) keys.push(reader.quoted());
    else keys.push(...keysOf(reader.take(plainKeys) ?? ''));
    if (reader.take(/\.(?=["\p{L}\p{N}_$])/uy) === null) return keys;
  }
}

/** The keys as {@link takePath} reads them. */
export function writtenPath(keys: readonly string[]): string {
  return keys.map((key) => `.${isPlain(key) ? key : `"${key.replaceAll(/["\\]/g, '\\$&')}"`}`).join('');
}

/** A column begins with a letter, so that `.5` is a number. */
function isPlain(key: string): boolean {
  return /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key);
}
