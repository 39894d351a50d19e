import { createContext, Script } from 'node:vm';
import { errorCode, MarginError } from '../pure/marginError';
import { at } from '../pure/must';
import { outcomeOf, type Outcome } from '../pure/outcome';

/**
 * After this many overruns the work is not tried again, because a file of a million rows must not wait for each row.
 */
const maxOverruns = 3;

const box = createContext({ work: null as (() => unknown) | null });
const script = new Script('work()');

const isOverrun = (error: unknown): boolean => errorCode(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * Runs synchronous work on input that others wrote (a template, a regular expression) with a time limit. V8 stops the
 * work anywhere, even inside the search of a regular expression, so no input can keep the process busy forever. Each
 * run starts a clock. That takes about 0.1 ms, and more on a busy machine because it starts a thread. So make one run
 * for a whole row, and use {@link each} for many rows. A run inside another run of the same limit costs nothing.
 */
export class TimeLimit {
  private overruns = 0;
  private isRunning = false;

  /**
   * @param ms milliseconds that one run may take
   * @param code the code of the error
   * @param sentence the start of its message: what takes too long, and what to do
   */
  constructor(
    private readonly ms: number,
    private readonly code: string,
    private readonly sentence: string,
  ) {}

  /** @throws MarginError with this limit's code if the time is up; errors of `work` pass unchanged */
  run<T>(work: () => T): T {
    if (this.isRunning) return work();
    if (this.overruns === maxOverruns)
      throw this.error(`It ran out of time ${maxOverruns} times and is not tried again.`);
    try {
      return this.clocked(work);
    } catch (error) {
      if (!isOverrun(error)) throw error;
      this.overruns++;
      throw this.error(`It was not done after ${this.ms / 1000} s.`);
    }
  }

  /**
   * Runs work on each item with one clock for all. If the time is up, the item that it stopped runs again with a clock
   * of its own, so each item has as much time as in {@link run}.
   *
   * @param work may run twice on an item
   */
  each<T, R>(items: readonly T[], work: (item: T) => R): Outcome<R>[] {
    const outcomes: Outcome<R>[] = [];
    while (outcomes.length < items.length) {
      const rest = items.slice(outcomes.length);
      const isDone = this.isInTime(() => rest.forEach((item) => outcomes.push(outcomeOf(() => work(item)))));
      // The time may also be up just after the last item.
      if (!isDone && outcomes.length < items.length)
        outcomes.push(outcomeOf(() => this.run(() => work(at(items, outcomes.length)))));
    }
    return outcomes;
  }

  /** Runs work that may be stopped. This does not count as an overrun. */
  private isInTime(work: () => void): boolean {
    if (this.overruns === maxOverruns) return false;
    try {
      if (this.isRunning) work();
      else this.clocked(work);
      return true;
    } catch (error) {
      if (!isOverrun(error)) throw error;
      return false;
    }
  }

  private clocked<T>(work: () => T): T {
    const outer = box.work;
    this.isRunning = true;
    box.work = work;
    try {
      return script.runInContext(box, { timeout: this.ms }) as T;
    } finally {
      box.work = outer;
      this.isRunning = false;
    }
  }

  private error(detail: string): MarginError {
    return new MarginError(this.code, `${this.sentence} ${detail}`);
  }
}
