import type { EventWriter } from '../run/events';
import { writeState } from '../run/folder';
import { newRunState } from '../run/newRunState';
import type { RunEvent, RunState } from '../run/types';
import { logLine } from './logLine';
import { type Clocks, gapText, SleepWatch } from './sleepWatch';

/** Weight of the newest step in the moving average of speeds: about the last ten steps count. */
const newestWeight = 0.1;
/** A reader on this machine looks for the process. A reader on another machine has only the heartbeat. */
const heartbeatMs = 2000;

/** What one step took, and what it trained on. */
interface StepAmounts {
  readonly seconds: number;
  readonly pairs: number;
  readonly tokens: number;
}

/** Keeps a run's state.json and events.jsonl up to date. */
export class RunReporter {
  private state: RunState;
  private perStep: StepAmounts | null = null;
  private readonly sleep: SleepWatch;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly folder: string,
    private readonly events: EventWriter,
    /** Gets each event as a line for people. */
    private readonly log: (line: string) => void,
    clocks?: Clocks,
  ) {
    this.sleep = new SleepWatch(clocks);
    this.state = { ...newRunState(), pid: process.pid };
    this.update({});
    this.timer = setInterval(() => this.beat(), heartbeatMs);
  }

  private beat(): void {
    try {
      this.update({});
    } catch {
      // The disk may be full for a moment. If it stays full, writing the state after the next step fails.
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
   * Reports a step. Speeds and time left are moving averages, so that a short last batch does not make them jump. A
   * step during which the machine slept does not count.
   */
  stepped(step: number, done: StepAmounts): void {
    const slept = this.sleep.slept();
    const isGap = SleepWatch.isGap(done.seconds, this.perStep === null ? null : this.perStep.seconds);
    if (slept > 0 || isGap) this.note(gapText(slept > 0 ? slept : done.seconds));
    if (isGap && this.perStep) return this.showSpeed(step, this.perStep);
    const before = this.perStep ?? done;
    const smooth = (key: keyof StepAmounts): number => before[key] + newestWeight * (done[key] - before[key]);
    this.perStep = { seconds: smooth('seconds'), pairs: smooth('pairs'), tokens: smooth('tokens') };
    this.showSpeed(step, this.perStep);
  }

  private showSpeed(step: number, { seconds, pairs, tokens }: StepAmounts): void {
    this.update({
      step,
      eta: seconds * (this.state.steps - step),
      pairs_per_second: pairs / seconds,
      tokens_per_second: tokens / seconds,
    });
  }

  /** Stops the heartbeat. */
  close(): void {
    clearInterval(this.timer);
  }

  /** @param status `done`: curves and model are complete; rewards may still have to be scored */
  end(status: 'done' | 'stopped'): void {
    this.close();
    this.update({ status, eta: null });
  }

  /** @throws MarginError if event or state cannot be written; it tries both */
  fail(code: string, message: string): void {
    this.close();
    try {
      this.event({ t: Date.now(), step: this.state.step, kind: 'error', code, message });
    } finally {
      this.update({ status: 'failed', eta: null, error: { code, message } });
    }
  }
}
