import { createHash } from 'node:crypto';
import { canonicalText } from '../../pairs/canonical';
import type { Pair } from '../../pairs/pair';

/** The name of a pair's content: the first 16 hex digits of the SHA-256 of its canonical text. */
export function pairKey(pair: Pair): string {
  return createHash('sha256').update(canonicalText(pair)).digest('hex').slice(0, 16);
}
