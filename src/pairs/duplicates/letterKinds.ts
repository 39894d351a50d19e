/**
 * What a character is for the words of a text.
 *
 * - `none`: it separates words and does not count: white space, punctuation, control characters.
 * - `word`: a letter, mark or digit of a script that writes spaces between words.
 * - `alone`: a word by itself: ideographs and kana, as in the character bigrams of CJK retrieval; symbols and emoji.
 * - `unspaced`: a letter of an alphabet without spaces between words: Thai, Lao, Khmer, Burmese, Tibetan, Javanese.
 */
export type LetterKind = 0 | 1 | 2 | 3;

export const none = 0;
export const word = 1;
export const alone = 2;
export const unspaced = 3;

const unknown = 255;
/** The kind of each code unit, found when it is first asked for. */
const kinds = new Uint8Array(0x10000).fill(unknown);

/** The kind of a code point. */
export function letterKind(point: number): LetterKind {
  if (point > 0xffff) return kindOf(String.fromCodePoint(point));
  const known = kinds[point] as LetterKind | typeof unknown;
  if (known !== unknown) return known;
  const kind = kindOf(String.fromCharCode(point));
  kinds[point] = kind;
  return kind;
}

function kindOf(character: string): LetterKind {
  if (/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\p{sc=Yi}]/u.test(character)) return alone;
  if (/[\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}\p{sc=Java}]/u.test(character))
    return /[\p{L}\p{M}\p{N}]/u.test(character) ? unspaced : none;
  if (/[\p{L}\p{M}\p{N}]/u.test(character)) return word;
  return /\p{S}/u.test(character) ? alone : none;
}
