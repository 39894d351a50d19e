import type { TokenText } from '../../src/pairs/tokens/tokenRow';

/** A line break is seen and breaks the line; a part of a character has a sign of its own. */
export function shownText(text: TokenText): string {
  if (typeof text !== 'string') return text.special;
  return text === '' ? '·' : text.replaceAll('\n', '↵\n').replaceAll('\t', '⇥\t');
}

/** Letters of the scripts that run from right to left. */
const rightToLeft = /^(?:\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko})/u;

/**
 * The direction of a text by its first letter, as `dir="auto"` finds it. With that attribute, Chromium takes 230 ms
 * to insert 4,000 tokens instead of 6 ms, because it looks for the direction again at each.
 */
export function directionOf(texts: readonly TokenText[]): 'ltr' | 'rtl' {
  for (const text of texts) {
    const letter = typeof text === 'string' ? /\p{L}/u.exec(text)?.[0] : undefined;
    if (letter !== undefined) return rightToLeft.test(letter) ? 'rtl' : 'ltr';
  }
  return 'ltr';
}
