import { thisMachine } from '../base/node/thisMachine';
import type { EventWriter } from '../run/events';
import { writeState } from '../run/folder';
import { runVersion, type RunEvent, type RunState } from '../run/types';
import { logLine } from './logLine';

/** Weight of the newest step in the smoothed speed: about the last ten steps count. */
const newest = 0.1;
/** Readers take a run for lost when its process is gone; the heartbeat tells a reader on another machine. */
const heartbeatMs = 2000;

interface Amounts {
  readonly seconds: number;
  readonly pairs: number;
  readonly tokens: number;
}

/** Keeps a run's state.json and events.jsonl up to date. */
export class RunReporter {
  private state: RunState;
  private perStep: Amounts | null = null;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly folder: string,
    private readonly events: EventWriter,
    /** Takes each event as a line for people. */
    private readonly log: (line: string) => void,
  ) {
    this.state = {
      version: runVersion,
      status: 'starting',
      pid: process.pid,
      machine: thisMachine(),
      heartbeat: Date.now(),
      step: 0,
      steps: 0,
      rows_read: null,
      eta: null,
      pairs_per_second: null,
      tokens_per_second: null,
      best: null,
      memory: null,
      error: null,
    };
    this.update({});
    this.timer = setInterval(() => this.beat(), heartbeatMs);
  }

  private beat(): void {
    try {
      this.update({});
    } catch {
      // A disk full for a moment must not end a run between steps; the next step's own state tells if it stays so.
    }
  }

  update(change: Partial<RunState>): void {
    this.state = { ...this.state, ...change, heartbeat: Date.now(), memory: process.memoryUsage.rss() };
    writeState(this.folder, this.state);
  }

  event(event: RunEvent): void {
    this.events.append(event);
    this.log(logLine(event));
  }

  /** See {@link EventWriter.truncateAfter}. */
  forgetBeyond(step: number): Promise<boolean> {
    return this.events.truncateAfter(step);
  }

  note(message: string): void {
    this.event({ t: Date.now(), step: this.state.step, kind: 'note', message });
  }

  /**
   * What one step took and did; speeds and time left are smoothed over some steps, so that a short last batch is no
   * slump.
   */
  stepped(step: number, done: Amounts): void {
    const before = this.perStep ?? done;
    const smooth = (key: keyof Amounts): number => before[key] + newest * (done[key] - before[key]);
    const { seconds, pairs, tokens } = (this.perStep = {
      seconds: smooth('seconds'),
      pairs: smooth('pairs'),
      tokens: smooth('tokens'),
    });
    this.update({
      step,
      eta: seconds * (this.state.steps - step),
      pairs_per_second: pairs / seconds,
      tokens_per_second: tokens / seconds,
    });
  }

  /** Writes no more heartbeats. */
  close(): void {
    clearInterval(this.timer);
  }

  /** @param status `done`: curves and model are whole; rewards may yet be scored */
  end(status: 'done' | 'stopped'): void {
    this.close();
    this.update({ status, eta: null });
  }

  /** @throws MarginError where the folder takes neither event nor state; the state is tried in any case */
  fail(code: string, message: string): void {
    this.close();
    try {
      this.event({ t: Date.now(), step: this.state.step, kind: 'error', code, message });
    } finally {
      this.update({ status: 'failed', eta: null, error: { code, message } });
    }
  }
}
