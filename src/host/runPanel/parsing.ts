import { Threads } from '../../base/node/threads';
import type { BlockedEvents } from '../../run/blockedEvents';
import type { ParseEvents, Parsed } from '../../run/events';

/** Parses events in a thread, because the extension host answers the keys of all editors meanwhile. */
export class EventThread {
  private readonly threads: Threads<Uint8Array<ArrayBuffer>, Parsed<BlockedEvents>>;

  /** @param script the bundle of src/run/eventsThread.ts */
  constructor(script: string) {
    this.threads = new Threads(script, 1);
  }

  readonly parse: ParseEvents<BlockedEvents> = (lines) => this.threads.ask(lines, [lines.buffer]);

  close(): void {
    this.threads.close();
  }
}
