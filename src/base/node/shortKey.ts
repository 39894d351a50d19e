import { createHash, type BinaryLike } from 'node:crypto';

/**
 * A short key for content: the first hex digits of the SHA-256 of `parts`, one after another.
 *
 * @param digits 4 bits each. Keys of rows have 16: the probability that two of a million keys are equal is 3e-8
 */
export function shortKey(parts: Iterable<BinaryLike>, digits: number): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, digits);
}
