/** Strings and punctuation of JSON; numbers and words say nothing about keys. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/gs;

/**
 * A key that stands twice in one object of a JSON text, or null. `JSON.parse` keeps the last of them in silence, so
 * that two readers of one file could see two different things.
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
