import type { TestProject } from 'vitest/node';
import { openPeer, type NoPeer, type Peer } from './environment';

declare module 'vitest' {
  interface ProvidedContext {
    peer: Peer | NoPeer;
  }
}

/** Runs once before all tests. Without a peer, every test is skipped. */
export async function setup(project: TestProject): Promise<void> {
  const peer = await openPeer(console.log);
  if ('missing' in peer) console.log(`test/peer is skipped because there is nothing to compare with: ${peer.missing}`);
  project.provide('peer', peer);
}
