import { shortKey } from '../../base/node/shortKey';
import { canonicalText } from '../../pairs/canonical';
import type { Pair } from '../../pairs/pair';

/**
 * Identifies the content of a pair, whatever its line in a file: a short key of its {@link canonicalText}, 16 hex
 * digits.
 */
export function pairKey(pair: Pair): string {
  return shortKey([canonicalText(pair)], 16);
}
