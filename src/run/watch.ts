import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { eventsStart, readEvents } from './events';
import { readRun } from './find';
import type { FoundRun } from './find';
import type { RunEvent } from './types';

/** File watching is a hint that network disks do not give; the poll is what the promised lag rests on. */
const pollMs = 400;
/** Several writes of one step make one reading. */
const settleMs = 30;

export interface RunListener {
  /**
   * New events, in the file's order; the first calls bring those that are there already. After a resume, which takes
   * back what was recorded beyond its checkpoint, they come again from the first.
   */
  events(events: readonly RunEvent[]): void;
  /**
   * The run's state when first read, and whenever it or the derived status changed. Comes after the events that
   * preceded it.
   */
  run(run: FoundRun): void;
  /** A file that cannot be read. Watching goes on. */
  error(error: unknown): void;
}

/** Follows the files of a run until it is closed; lag at most half a second. */
export class RunWatch {
  private seen = '';
  private complaint = '';
  private closed = false;
  private place = eventsStart;
  private reading: Promise<void> | null = null;
  private hurry: NodeJS.Timeout | null = null;
  private readonly poll: NodeJS.Timeout;
  private watcher: FSWatcher | null = null;

  constructor(
    private readonly folder: string,
    private readonly listener: RunListener,
  ) {
    this.poll = setInterval(() => void this.read(), pollMs);
    this.watchFolder();
    void this.read();
  }

  /** Reads now what is there; for a caller that must not miss the last events of an ended run. */
  async read(): Promise<void> {
    this.reading ??= this.readOnce().finally(() => (this.reading = null));
    await this.reading;
  }

  close(): void {
    this.closed = true;
    clearInterval(this.poll);
    if (this.hurry) clearTimeout(this.hurry);
    this.watcher?.close();
  }

  private watchFolder(): void {
    try {
      this.watcher = watch(this.folder, () => this.soon());
      this.watcher.on('error', () => this.watcher?.close());
    } catch {
      // No watching on this file system: the poll does it.
    }
  }

  private soon(): void {
    if (this.closed) return;
    this.hurry ??= setTimeout(() => {
      this.hurry = null;
      void this.read();
    }, settleMs);
  }

  private async readOnce(): Promise<void> {
    try {
      // State first: the events before a final state are then already in the file, and no end comes before its events.
      const run = await readRun(this.folder);
      await this.readNewEvents();
      const { config: _, ...found } = run;
      const text = JSON.stringify(found);
      if (this.closed || text === this.seen) return;
      this.seen = text;
      this.complaint = '';
      this.listener.run(found);
    } catch (error) {
      const complaint = String(error);
      if (this.closed || complaint === this.complaint) return;
      this.complaint = complaint;
      this.listener.error(error);
    }
  }

  private async readNewEvents(): Promise<void> {
    for (let more = true; more && !this.closed;) {
      const page = await readEvents(this.folder, this.place);
      this.place = page.place;
      more = page.more;
      if (page.events.length > 0 && !this.closed) this.listener.events(page.events);
    }
  }
}
