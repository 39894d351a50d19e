import { createContext, Script } from 'node:vm';
import { errorCode, MarginError } from '../pure/marginError';

/**
 * So often something may run out of time before it is not tried any more: a file of a million rows must not wait for
 * each.
 */
const maxOverruns = 3;

const box = createContext({ work: null as (() => unknown) | null });
const script = new Script('work()');

/**
 * Runs synchronous work on a stranger's input (a template, a regular expression) within a time. V8 ends the work
 * wherever it is, also inside the search of a regular expression, so that no input can keep the process busy for ever.
 * To arm the clock takes about 0.1 ms, so that one limit goes around a whole row; a limit inside its own run costs
 * nothing.
 */
export class TimeLimit {
  private overruns = 0;
  private isRunning = false;

  /**
   * @param ms how long one run may take
   * @param code of the error
   * @param sentence what a person is told of work that does not end: what it is, and what to do
   */
  constructor(
    private readonly ms: number,
    private readonly code: string,
    private readonly sentence: string,
  ) {}

  /** @throws MarginError with this limit's code; what `work` throws passes unchanged */
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
