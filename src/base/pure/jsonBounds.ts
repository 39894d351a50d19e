/** How much structure a JSON text may have. */
export interface JsonBounds {
  /** Objects and lists inside one another. */
  readonly depth: number;
  /** Objects and lists in all. */
  readonly containers: number;
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Why a JSON text has more structure than its kind of file has, or null. `JSON.parse` makes 50 bytes and more of each
 * `[`, so a file of 80 MB can fill 4 GB; this looks at each character once and makes nothing.
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

/** Where the string that begins at `start` ends; the text's end where nothing ends it. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let slashes = 0;
    while (json.charCodeAt(end - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return json.length;
}
