/** Limits for the structure of a JSON text. */
export interface JsonBounds {
  /** Deepest nesting of objects and lists. */
  readonly depth: number;
  /** Number of objects and lists in total. */
  readonly containers: number;
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Checks a JSON text against limits before it is parsed. `JSON.parse` allocates 50 bytes or more for each `[`, so a
 * file of 80 MB can fill 4 GB. This function reads each character once and allocates nothing.
 *
 * @returns "it nests deeper than 8 levels" | "it has more than 1,000 lists and objects" | null
 */
export function beyondBounds(json: string, { depth, containers }: JsonBounds): string | null {
  let [level, count] = [0, 0];
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === quote) i = endOfString(json, i);
    else if (code === openBrace || code === openBracket) {
      if (++level > depth) return `it nests deeper than ${depth} levels`;
      if (++count > containers) return `it has more than ${containers.toLocaleString('en')} lists and objects`;
    } else if (code === closeBrace || code === closeBracket) level--;
  }
  return null;
}

/** The offset of the quote that ends the string at `start`; the length of the text if none does. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let slashes = 0;
    while (json.charCodeAt(end - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return json.length;
}
