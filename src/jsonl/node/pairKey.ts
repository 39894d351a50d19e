import { shortKey } from '../../base/node/shortKey';
import { canonicalText, canonicalTexts } from '../../pairs/canonical';
import type { Pair } from '../../pairs/pair';

/**
 * Identifies the content of a pair, independent of its line: a short key of its {@link canonicalText}, 16 hex digits.
 */
export function pairKey(pair: Pair): string {
  return shortKey([canonicalText(pair)], 16);
}

/** The {@link pairKey} of a pair, and that of the pair with its answers exchanged. */
export function pairKeys(pair: Pair): { readonly own: string; readonly exchanged: string } {
  const { own, exchanged } = canonicalTexts(pair);
  return { own: shortKey([own], 16), exchanged: shortKey([exchanged], 16) };
}
