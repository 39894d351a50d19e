import { thisMachine } from '../base/node/thisMachine';
import type { EventWriter } from '../run/events';
import { writeScoringState } from '../run/scoring';
import { runVersion, type RunEvent, type ScoringState } from '../run/types';
import { logLine } from './logLine';

/** Readers take a scorer for gone when its process is; see `RunReporter`. */
const heartbeatMs = 2000;

/** Keeps a run's scoring.json up to date, and tells its events. */
export class ScoringReporter {
  private state: ScoringState = {
    version: runVersion,
    status: 'running',
    pid: process.pid,
    machine: thisMachine(),
    heartbeat: Date.now(),
    step: 0,
    scored: 0,
    total: null,
    eta: null,
    error: null,
  };
  private timer: NodeJS.Timeout | null = null;
  /** When the first stretch of this process began, and what was scored before it. */
  private start: { readonly time: number; readonly scored: number } | null = null;

  constructor(
    private readonly folder: string,
    private readonly events: EventWriter,
    /** Takes each event as a line for people. */
    private readonly log: (line: string) => void,
  ) {}

  /** @param before what is known of an earlier scoring of the step */
  begin(step: number, before: Pick<ScoringState, 'scored' | 'total'>): void {
    const { scored, total } = before;
    this.update({ step, scored, total });
    this.timer = setInterval(() => this.beat(), heartbeatMs);
  }

  count(total: number): void {
    this.update({ total });
  }

  scored(scored: number): void {
    const now = Date.now();
    this.start ??= { time: now, scored };
    const done = scored - this.start.scored;
    const left = (this.state.total ?? scored) - scored;
    this.update({ scored, eta: done > 0 ? ((now - this.start.time) / 1000 / done) * left : null });
  }

  event(event: RunEvent): void {
    this.events.append(event);
    this.log(logLine(event));
  }

  /** @param whole false: it was ended before, and what there is stays */
  end(whole: boolean): void {
    this.stop({ status: whole ? 'done' : 'offered', eta: null });
  }

  fail(code: string, message: string): void {
    this.log(`Scoring failed: ${message}`);
    this.stop({ status: 'failed', eta: null, error: { code, message } });
  }

  private stop(change: Partial<ScoringState>): void {
    if (this.timer) clearInterval(this.timer);
    this.update(change);
  }

  private beat(): void {
    try {
      this.update({});
    } catch {
      // A disk full for a moment must not end the scoring; its own lines tell if it stays so.
    }
  }

  private update(change: Partial<ScoringState>): void {
    this.state = { ...this.state, ...change, heartbeat: Date.now() };
    writeScoringState(this.folder, this.state);
  }
}
