import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { damagedLines } from './eventLines';
import { eventsStart, parseHere, type ParseEvents, readEventsWith } from './events';
import { readRun } from './find';
import type { FoundRun } from './find';
import { runPaths } from './folder';
import type { RunEvent } from './types';

/** Network disks do not report changes, so the poll guarantees the lag; watching only makes it shorter. */
const pollMs = 400;
/** Waits for the other writes of the same step. */
const settleMs = 30;

export interface RunListener<E = readonly RunEvent[]> {
  /**
   * New events, in the order of the file; the first calls bring the existing ones. A resume removes the events after
   * its checkpoint, and then all events come again from the first.
   */
  events(events: E): void;
  /**
   * The run, when it is first read and whenever something in it changes. It comes after the events that were written
   * before it. Its remarks include damaged lines of events.jsonl.
   */
  run(run: FoundRun): void;
  /** A file cannot be read. Watching continues. */
  error(error: unknown): void;
}

/** Follows the files of a run until it is closed, with a lag of half a second at most. */
export class EventWatch<E> {
  /** The last run that the listener got, as JSON, and the last error: a repetition is not sent again. */
  private shownRun = '';
  private shownError = '';
  private closed = false;
  private place = eventsStart;
  private reading: Promise<void> | null = null;
  private soonTimer: NodeJS.Timeout | null = null;
  private readonly poll: NodeJS.Timeout;
  private watcher: FSWatcher | null = null;

  constructor(
    private readonly folder: string,
    private readonly listener: RunListener<E>,
    private readonly parse: ParseEvents<E>,
  ) {
    this.poll = setInterval(() => this.readNow(), pollMs);
    this.watchFolder();
    this.readNow();
  }

  /** Reads everything that is there now, for a caller that needs the last events of an ended run. */
  async read(): Promise<void> {
    this.reading ??= this.readOnce().finally(() => (this.reading = null));
    await this.reading;
  }

  /** Bytes of events.jsonl that are read. */
  get offset(): number {
    return this.place.offset;
  }

  private readNow(): void {
    this.read().catch((error: unknown) => this.listener.error(error));
  }

  close(): void {
    this.closed = true;
    clearInterval(this.poll);
    if (this.soonTimer) clearTimeout(this.soonTimer);
    this.watcher?.close();
  }

  private watchFolder(): void {
    try {
      this.watcher = watch(this.folder, () => this.readSoon());
      this.watcher.on('error', () => this.watcher?.close());
    } catch {
      // This file system cannot be watched. The poll notices changes.
    }
  }

  private readSoon(): void {
    if (this.closed) return;
    this.soonTimer ??= setTimeout(() => {
      this.soonTimer = null;
      this.readNow();
    }, settleMs);
  }

  private async readOnce(): Promise<void> {
    try {
      // The state is read first, so that the listener gets the events of an ended run before its end.
      const { config: _, ...run } = await readRun(this.folder);
      await this.readNewEvents();
      const { damaged } = this.place;
      const remarks = damaged === 0 ? [] : [damagedLines(runPaths.events(this.folder), damaged)];
      const found = { ...run, remarks: [...run.remarks, ...remarks] };
      const text = JSON.stringify(found);
      if (this.closed || text === this.shownRun) return;
      this.shownRun = text;
      this.shownError = '';
      this.listener.run(found);
    } catch (error) {
      const text = String(error);
      if (this.closed || text === this.shownError) return;
      this.shownError = text;
      this.listener.error(error);
    }
  }

  private async readNewEvents(): Promise<void> {
    for (let more = true; more && !this.closed;) {
      const page = await readEventsWith(this.folder, this.place, this.parse);
      this.place = page.place;
      more = page.more;
      if (page.events !== null && !this.closed) this.listener.events(page.events);
    }
  }
}

/** Follows a run and parses its events in this thread. */
export class RunWatch extends EventWatch<readonly RunEvent[]> {
  constructor(folder: string, listener: RunListener) {
    super(folder, listener, parseHere);
  }
}
