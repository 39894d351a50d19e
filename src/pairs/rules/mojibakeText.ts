/**
 * The characters that the bytes 0x80 to 0x9F become in Windows-1252, in order; a byte without one stays as it is
 * (WHATWG Encoding, index windows-1252).
 */
const windows1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';
/** A byte of UTF-8 that continues a character, as it looks after a wrong decoding. */
const next = `[\\x80-\\xbf${windows1252.replaceAll(/[\x80-\x9f]/g, '')}]`;
/** A quick first test: the characters that the sequences below begin with. */
const first = /[\x80-\x84\x86-\x9f\xc2\xc3\xce-\xd1\xd7-\xdb\xe0-\xf0]/;
/**
 * Sequences that are certain. One letter and one sign may be right: "Â»" ends a French quotation in capitals, and "Ã…"
 * a Portuguese word.
 */
const certain = new RegExp(
  [
    // é, ü, ß and the like, but not at the end of a word in capitals.
    `[\\xc2\\xc3](?<![A-Z\\xc0-\\xde].)(?!\\xbb)${next}`,
    // Quotes, dashes and the euro: U+2000 to U+2FFF.
    `\\xe2[\\x80\\x82\\u20ac\\u201a\\u201e\\x84\\u2020\\x86]${next}`,
    // Two letters of Greek, Cyrillic, Hebrew or Arabic.
    `(?:[\\xce-\\xd1\\xd7-\\xdb]${next}){2}`,
    // Two characters of Chinese, Japanese, Korean or an Indian script.
    `(?:[\\xe0-\\xef]${next}{2}){2}`,
    // Emoji.
    `\\xf0\\u0178${next}{2}`,
    // A control character of Latin-1, which was a quote or a dash of Windows-1252.
    '[\\x80-\\x84\\x86-\\x9f]',
  ].join('|'),
);
/** A character of UTF-8 after a wrong decoding. */
const sequence = new RegExp(
  `[\\xc2-\\xdf]${next}|[\\xe0-\\xef]${next}{2}|[\\xf0-\\xf4\\u0178]${next}{3}|[\\x80-\\x9f]`,
  'g',
);

/** Whether a text has UTF-8 that was decoded as Latin-1 or Windows-1252: "Ã©", "â€™". */
export function hasMojibake(text: string): boolean {
  return first.test(text) && certain.test(text);
}

/** Whether a UTF-16 unit may begin such a sequence, if another unit follows that is not ASCII. */
export function mayBeginMojibake(unit: number): boolean {
  return first.test(String.fromCharCode(unit));
}

/**
 * The text with such sequences decoded as UTF-8. A sequence that is not UTF-8 stays.
 *
 * `decoded('Itâ€™s cafÃ©')` is `It’s café`.
 */
export function decoded(text: string): string {
  return text.replaceAll(sequence, (found) => decodedOne([...found].map(byteOf)) ?? found);
}

/** The byte that became a character of Windows-1252. */
function byteOf(character: string): number {
  const at = windows1252.indexOf(character);
  return at < 0 ? character.charCodeAt(0) : 0x80 + at;
}

/** A character from its bytes in UTF-8, or from one byte of Windows-1252; null if they are neither. */
function decodedOne([lead = 0, ...rest]: readonly number[]): string | null {
  if (rest.length === 0) return windows1252.charAt(lead - 0x80);
  const point = rest.reduce((sum, byte) => (sum << 6) | (byte & 0x3f), lead & (0x3f >> rest.length));
  const least = [0, 0x80, 0x800, 0x10000][rest.length];
  const isCharacter = least !== undefined && point >= least && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return isCharacter ? String.fromCodePoint(point) : null;
}
