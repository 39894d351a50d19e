import { createHash } from 'node:crypto';
import type { TokenizedPair } from '../engine/types';

/**
 * sha256 of pairs as the model sees them, in their order. A checkpoint's data position and reference log-probs mean
 * something for these pairs only, whether data, tokenizer, template or max_length changed since.
 */
export function pairsFingerprint(pairs: readonly TokenizedPair[]): string {
  const hash = createHash('sha256');
  for (const { prompt, chosen, rejected, weight, desirable } of pairs) {
    hash.update(Int32Array.of(prompt.length, chosen.length, rejected.length, ...prompt, ...chosen, ...rejected));
    if (weight !== undefined || desirable !== undefined) hash.update(JSON.stringify([weight, desirable]));
  }
  return hash.digest('hex');
}
