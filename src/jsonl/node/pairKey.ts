import { shortKey } from '../../base/node/shortKey';
import { canonicalText } from '../../pairs/canonical';
import type { Pair } from '../../pairs/pair';

/** The key of a pair's content: a short key of its canonical text, 16 hex digits. */
export function pairKey(pair: Pair): string {
  return shortKey([canonicalText(pair)], 16);
}
