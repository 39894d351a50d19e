import { createContext, Script } from 'node:vm';
import { errorCode, MarginError } from '../pure/marginError';

/**
 * After this many overruns the work is not tried again, because a file of a million rows must not wait for each row.
 */
const maxOverruns = 3;

const box = createContext({ work: null as (() => unknown) | null });
const script = new Script('work()');

/**
 * Runs synchronous work on input that others wrote (a template, a regular expression) with a time limit. V8 stops the
 * work anywhere, even inside the search of a regular expression, so no input can keep the process busy forever. Each
 * run starts a clock, which takes about 0.1 ms, so make one run for a whole row. A run inside another run of the same
 * limit costs nothing.
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
    const outer = box.work;
    this.isRunning = true;
    box.work = work;
    try {
      return script.runInContext(box, { timeout: this.ms }) as T;
    } catch (error) {
      if (errorCode(error) !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      this.overruns++;
      throw this.error(`It was not done after ${this.ms / 1000} s.`);
    } finally {
      box.work = outer;
      this.isRunning = false;
    }
  }

  private error(detail: string): MarginError {
    return new MarginError(this.code, `${this.sentence} ${detail}`);
  }
}
