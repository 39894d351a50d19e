/** In place of a code: the text is too short, holds little prose, or the detector is not sure. */
export const unknownLanguage = 'unknown';

/** The languages that are told apart, by ISO 639-1. `ms` is Malay or Indonesian, `no` Norwegian of both kinds. */
export const languageCodes: readonly string[] = (
  'am ar az be bg bn ca cs da de el en es et eu fa fi fr gu he hi hr hu hy is it ja ka kn ko ku lo lt lv ml mr ms nl ' +
  'no or pa pl pt ro ru sk sl sq sr sv ta te th tl tr uk ur vi yo zh'
).split(' ');

/** Most characters of prose that are looked at: more change no answer, and cost time. */
const mostProse = 500;
/** Fewest letters of a language with an alphabet: about 50 characters of text (see jsonl/node/languages/README.md). */
const fewestLetters = 36;
/** Fewest characters of Chinese, Japanese and Korean, of which each says more. */
const fewestSigns = 20;

const notProse =
  /```[\s\S]*?(?:```|$)|`[^`\n]*`|\$\$[\s\S]*?\$\$|\b(?:https?:\/\/|www\.)\S+|\S+@\S+\.\S+|<[^<>\n]{1,200}>/g;

/** The start of a text without code, links, addresses and tags; null if too little is left to tell its language. */
export function proseOf(text: string): string | null {
  const prose = text.replaceAll(notProse, ' ').replaceAll(/\s+/g, ' ').trim().slice(0, mostProse);
  const letters = prose.match(/[\p{L}\p{M}]/gu)?.length ?? 0;
  const signs = prose.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu)?.length ?? 0;
  return letters >= fewestLetters || signs >= fewestSigns ? prose : null;
}
