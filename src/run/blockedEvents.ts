import { parseEvents } from './eventLines';
import type { Parsed } from './events';
import { type PointBlock, pointBlock } from './pointBlock';
import type { RunEvent } from './types';

/** Events as a thread hands them over: the points of the curves as columns, and the few others. */
export interface BlockedEvents {
  readonly points: PointBlock;
  readonly others: readonly RunEvent[];
}

/** The events of complete lines. */
export function blockedEvents(lines: Uint8Array<ArrayBuffer>): Parsed<BlockedEvents> {
  const { events, damaged } = parseEvents(Buffer.from(lines.buffer).toString());
  const others = events.filter(({ kind }) => kind !== 'train' && kind !== 'eval');
  return { events: { points: pointBlock(events), others }, damaged };
}
