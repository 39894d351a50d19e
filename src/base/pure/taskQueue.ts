/** Runs tasks one after another, in the order in which they are given. */
export class TaskQueue {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs a task after those before it. A failed task does not stop the next one; its own caller gets the error. */
  run<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Settles when all tasks so far have ended. Does not reject. */
  async settled(): Promise<void> {
    await this.last;
  }
}
