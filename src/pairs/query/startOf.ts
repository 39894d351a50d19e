/** Longest first word in characters; longer ones are data. */
const longest = 40;
/** White space, and the punctuation of texts that have no spaces. */
const between = /[\s\u3000-\u303f\uff00-\uff0f\uff1a-\uff20]+/g;
const wordLetter = /[\p{L}\p{N}]/u;

/** A text in lower case with one space between its words. */
function oneSpaced(text: string): string {
  return text.replaceAll(between, ' ').trim().toLowerCase();
}

/**
 * The first words of a text in lower case, without the punctuation after the last one: `sure` and `as an ai` of "As an
 * AI, I …".
 *
 * @param count number of words, from 1
 * @returns null if the text has fewer words, no letter in the last one, or they are too long to be words
 */
export function firstWords(text: string, count: number): string | null {
  const start = oneSpaced(text.slice(0, longest * (count + 1)));
  let end = -1;
  for (let i = 0; i < count; i++) {
    const space = start.indexOf(' ', end + 1);
    if (space < 0 && i < count - 1) return null;
    end = space < 0 ? start.length : space;
  }
  const words = bare(start.slice(0, end));
  return words === '' || words.split(' ').length < count || words.length > longest * count ? null : words;
}

/**
 * Prepares a test of whether a text begins with some words. If the last one has no letter, it may be the start of a
 * longer word.
 */
export function startTest(asked: string): (text: string) => boolean {
  const spaced = oneSpaced(asked);
  if (!wordLetter.test(spaced)) return (text) => text.trimStart().startsWith(asked.trim());
  const [words, count] = [bare(spaced), spaced.split(' ').length];
  return (text) => firstWords(text, count) === words;
}

/** Without punctuation at the end. */
function bare(words: string): string {
  return words.replace(/[^\p{L}\p{N}]+$/u, '');
}
