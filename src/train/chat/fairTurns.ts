import { TaskQueue } from '../../base/pure/taskQueue';

/** Lets works that each have many parts go on in turn, one part at a time, in the order in which they ask. */
export class FairTurns {
  private readonly queue = new TaskQueue();

  /** Runs `work` after what was asked for before. @returns its result, and the milliseconds that it took */
  take<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
    return this.queue.run(async () => {
      const start = performance.now();
      const result = await work();
      return { result, ms: performance.now() - start };
    });
  }
}
