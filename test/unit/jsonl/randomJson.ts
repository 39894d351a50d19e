import { integer, pick } from '../pairs/random';

const texts = ['', 'a', 'é😀', '"', '\\', '\\"', '],[', '{}', '\n', '\u2028', 'x'.repeat(60), `${'y'.repeat(50)}"`];

/** A random JSON value: texts with quotes, brackets and escapes, numbers, words, lists, objects. */
export function randomJson(random: () => number, depth = 3): unknown {
  const kind = integer(random, depth > 0 ? 7 : 4);
  if (kind < 2) return pick(random, texts);
  if (kind === 2) return pick(random, [0, -1.5, 1e21, 12]);
  if (kind === 3) return pick(random, [true, false, null]);
  const items = Array.from({ length: integer(random, 4) }, () => randomJson(random, depth - 1));
  return kind === 4 ? items : Object.fromEntries(items.map((item, i) => [`${pick(random, texts)}${i}`, item]));
}

/** A value as JSON with random white space between its parts. */
export function spacedJson(value: unknown, random: () => number): string {
  const space = (): string => pick(random, ['', '', ' ', '\n', '\r\n  ', '\t']);
  const joined = (open: string, parts: readonly string[], close: string): string =>
    `${open}${space()}${parts.join(`${space()},${space()}`)}${space()}${close}`;
  if (Array.isArray(value))
    return joined(
      '[',
      value.map((item) => spacedJson(item, random)),
      ']',
    );
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}${space()}:${space()}${spacedJson(item, random)}`,
  );
  return joined('{', entries, '}');
}
