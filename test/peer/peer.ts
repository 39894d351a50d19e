import { inject } from 'vitest';
import type { Peer } from './environment';
import { askPython, type PythonServer } from './python';

const provided = inject('peer');

export const hasPeer = !('missing' in provided);

/** For tests that are skipped without a peer. */
export function peer(): Peer & Pick<PythonServer, 'port'> {
  if ('missing' in provided) throw new Error(provided.missing);
  return provided;
}

/** As {@link askPython}. */
export const askPeer = (script: string, request: unknown): Promise<unknown> => askPython(peer().port, script, request);

export const sampleModel = 'media/sample/model';
