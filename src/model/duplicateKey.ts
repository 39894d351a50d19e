/** Strings and punctuation of JSON. Numbers, true, false and null do not matter for keys. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/gs;

/**
 * A key that occurs twice in one object of a JSON text; null: there is none. `JSON.parse` silently keeps the last one,
 * so two readers of a file could see different values.
 *
 * @example
 *   duplicateKey('{"a": 1, "b": {"a": 2}}'); // null
 *   duplicateKey('{"a": 1, "a": 2}'); // 'a'
 *
 * @param json text that `JSON.parse` accepts
 */
export function duplicateKey(json: string): string | null {
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of json.matchAll(tokens)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') last = token;
    else {
      const key = String(JSON.parse(last));
      if (open.at(-1)?.has(key)) return key;
      open.at(-1)?.add(key);
    }
  }
  return null;
}
