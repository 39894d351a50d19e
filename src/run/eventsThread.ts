import { answer } from '../base/node/threads';
import { type BlockedEvents, blockedEvents } from './blockedEvents';
import type { Parsed } from './events';
import { buffersOf } from './pointBlock';

/** The thread that parses lines of events.jsonl: a long run has a hundred megabytes of JSON. */
answer<Uint8Array<ArrayBuffer>, Parsed<BlockedEvents>>((lines) => {
  const found = blockedEvents(lines);
  return { found, transfer: buffersOf(found.events.points) };
});
