import { createHash } from 'node:crypto';
import type { Fingerprint } from '../blockSums';

/** One name for the bytes of a fingerprint: a SHA-256 as 64 hex digits. */
export function digestOf({ blocks, tail }: Fingerprint): string {
  return createHash('sha256').update(blocks).update(Uint32Array.of(tail)).digest('hex');
}
