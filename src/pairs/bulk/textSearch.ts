import { errorMessage, MarginError } from '../../base/pure/marginError';

/** The part of a row that is searched. `prompt` includes the system turns; `system` is these alone. */
export const searchFields = ['all', 'prompt', 'chosen', 'rejected', 'system'] as const;
export type SearchField = (typeof searchFields)[number];

/** What a person looks for in the texts of rows. */
export interface TextSearch {
  /** Never empty. */
  readonly text: string;
  /** Whether the text is a regular expression of JavaScript, with the flags `m` and `u` as in VS Code. */
  readonly isRegex: boolean;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
  readonly field: SearchField;
}

const wordCharacter = String.raw`[\p{L}\p{N}\p{M}_]`;
const isWord = new RegExp(wordCharacter, 'u');

/** The pattern of a search, for `matchAll`. @throws MarginError `bad-pattern` */
export function patternOf({ text, isRegex, matchCase, wholeWord }: TextSearch): RegExp {
  const source = isRegex ? text : literal(text);
  // Without `u`, a pattern that ignores case finds no long s (ſ) for an s, as a person expects of a plain text.
  const unicode = isRegex || wholeWord ? 'u' : '';
  try {
    return new RegExp(wholeWord ? inWords(source, text, isRegex) : source, `gm${unicode}${matchCase ? '' : 'i'}`);
  } catch (error) {
    const what = errorMessage(error).replace(/^Invalid regular expression: /, '');
    throw new MarginError('bad-pattern', `This is not a regular expression: ${what}.`, { text });
  }
}

/** Why a search cannot be made, in a sentence; null if it can. */
export function patternProblem(search: TextSearch): string | null {
  try {
    patternOf(search);
    return null;
  } catch (error) {
    return errorMessage(error);
  }
}

/**
 * A word that each row with a match has, in lower case, for a search in the bytes of a file; null if there is none that
 * is safe. Some formats keep JSON inside of texts, so only letters that are never escaped are safe.
 */
export function commonWord({ text, isRegex }: TextSearch): string | null {
  return !isRegex && /^[ !#-.0-[\]-~]+$/.test(text) ? text.toLowerCase() : null;
}

/** With the flag `u`, only these characters may be escaped. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

/** An end that is not part of a word, as that of `(a)`, needs no end of a word. */
function inWords(source: string, text: string, isRegex: boolean): string {
  // An empty text has no ends.
  const characters = Array.from(text);
  const [first, last] = [characters.slice(0, 1).join(''), characters.slice(-1).join('')];
  const before = isRegex || isWord.test(first) ? `(?<!${wordCharacter})` : '';
  const after = isRegex || isWord.test(last) ? `(?!${wordCharacter})` : '';
  return `${before}(?:${source})${after}`;
}
