import type { TestProject } from 'vitest/node';
import { openPeer, type NoPeer, type Peer } from './environment';
import { startPython, type PythonServer } from './python';

declare module 'vitest' {
  interface ProvidedContext {
    peer: (Peer & Pick<PythonServer, 'port'>) | NoPeer;
  }
}

/**
 * Runs once before all tests. Without a peer, every test is skipped.
 *
 * @returns what ends the Python process, which Vitest calls after the tests
 */
export async function setup(project: TestProject): Promise<() => void> {
  const peer = await openPeer(console.log);
  if ('missing' in peer) {
    console.log(`test/peer is skipped because there is nothing to compare with: ${peer.missing}`);
    project.provide('peer', peer);
    return () => undefined;
  }
  const { port, close } = await startPython(peer.python);
  project.provide('peer', { ...peer, port });
  return close;
}
