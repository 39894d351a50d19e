const words: readonly (readonly [word: RegExp, sentence: string])[] = [
  [/^[+-]?NaN\b/, 'NaN is not JSON: write null'],
  [/^[+-]?Infinity\b/, 'Infinity is not JSON: write null or a number'],
  [/^[+-]?inf\b/i, 'inf is not JSON: write null or a number'],
  [/^nan\b/i, 'nan is not JSON: write null'],
  [/^None\b/, "None is Python's: write null"],
  [/^(?:True|TRUE)\b/, 'True is not JSON: write true'],
  [/^(?:False|FALSE)\b/, 'False is not JSON: write false'],
  [/^(?:NULL|Null|nil|undefined)\b/, 'JSON has no such value: write null'],
  [
    /^(?:array|tensor|datetime|Decimal|ObjectId|set|tuple)\(/,
    'a Python value that is not JSON: write its text or number',
  ],
  [/^\(/, 'a Python tuple is not JSON: write a list in [ ]'],
  [/^[bru]['"]/i, 'a Python string is not JSON: write it in double quotes, without the letter before'],
  [/^'/, 'single quotes are not JSON: write double quotes'],
  [/^[“”‘’]/, 'curly quotes are not JSON: write straight double quotes'],
  [/^(?:\/\/|\/\*|#)/, 'JSON has no comments: delete it'],
  [/^\ufeff/, 'a byte order mark (U+FEFF) stands here, as where files were joined: delete it'],
  [/^\+/, 'a number has no plus sign in JSON: delete it'],
  [/^-?\./, 'a number begins with a digit in JSON: write 0 before the point'],
  [/^-?0[xX]/, 'JSON has no hexadecimal numbers: write it in decimals'],
];

/**
 * How to correct a text where a value was expected; null if the mistake is not known.
 *
 * @param rest the text from the mistake on: `valueMistake('None, ')` is "None is Python's: write null"
 */
export function valueMistake(rest: string): string | null {
  return words.find(([word]) => word.test(rest))?.[1] ?? null;
}

/** How to correct a text where a key was expected; `rest` is the text from the mistake on. */
export function keyMistake(rest: string): string {
  const expected = 'expected a key in double quotes';
  if (rest.startsWith("'")) return `${expected}, not in single ones: write double quotes`;
  if (/^[“”‘’]/.test(rest)) return `${expected}, not in curly ones: write straight quotes`;
  if (/^(?:\/\/|\/\*|#)/.test(rest)) return `${expected}; JSON has no comments: delete it`;
  return /^[\p{L}_$\d]/u.test(rest) ? `${expected}: write the quotes around it` : expected;
}

/** How to correct text after the end of a complete value; `before` is the text up to there. */
export function extraMistake(rest: string, before: string): string {
  const more = 'more text after the end of the JSON value';
  if (rest.startsWith(',')) return `${more}: delete the comma; rows have no comma between them`;
  if (/^(?:\/\/|\/\*|#)/.test(rest)) return `${more}; JSON has no comments: delete it`;
  if (!/^[{[]/.test(rest)) return more;
  return /\r\s*$/.test(before)
    ? `${more}: a second row after a CR; end lines with LF`
    : `${more}: a second row begins here; write it on a line of its own`;
}

/**
 * How to correct a text where a comma or a closing bracket was expected.
 *
 * @param rest the text from the mistake on
 * @param bracket the closing bracket
 * @param before the character before the mistake
 */
export function commaMistake(rest: string, bracket: string, before: string): string {
  const expected = `expected "," or "${bracket}"`;
  if (/^(?:\/\/|\/\*|#)/.test(rest)) return `${expected}; JSON has no comments: delete it`;
  return /^["{[]/.test(rest) || (before === '"' && /^[^\s,:}\]]/.test(rest))
    ? `${expected}: a comma is missing here, or a quote inside a text needs a backslash`
    : expected;
}
