import { inject } from 'vitest';
import type { Peer } from './environment';

const provided = inject('peer');

export const hasPeer = !('missing' in provided);

/** For tests that are skipped without a peer. */
export function peer(): Peer {
  if ('missing' in provided) throw new Error(provided.missing);
  return provided;
}

export const sampleModel = 'media/sample/model';
