import { thisMachine } from '../base/node/thisMachine';
import type { EventWriter } from '../run/events';
import { writeScoringState } from '../run/scoring';
import { runVersion, type RunEvent, type ScoringState } from '../run/types';
import { logLine } from './logLine';

/** See `RunReporter`. */
const heartbeatMs = 2000;

/** Keeps a run's scoring.json up to date, and appends to its events. */
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
  /** When this process began to score, and how many rows were scored before. */
  private start: { readonly time: number; readonly scored: number } | null = null;

  constructor(
    private readonly folder: string,
    private readonly events: EventWriter,
    /** Gets each event as a line for people. */
    private readonly log: (line: string) => void,
  ) {}

  /** @param before the progress of an earlier scorer of this step */
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

  /** @param complete false: it was stopped before the last row; the scored rows are kept */
  end(complete: boolean): void {
    this.stop({ status: complete ? 'done' : 'offered', eta: null });
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
      // The disk may be full for a moment. If it stays full, writing the rewards fails.
    }
  }

  private update(change: Partial<ScoringState>): void {
    this.state = { ...this.state, ...change, heartbeat: Date.now() };
    writeScoringState(this.folder, this.state);
  }
}
