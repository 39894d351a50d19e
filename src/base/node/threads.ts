import { parentPort, Worker } from 'node:worker_threads';
import { must } from '../pure/must';

interface Request<Asked> {
  readonly id: number;
  readonly asked: Asked;
}

/** The answer of a thread: its result, or a defect. */
type Answer<Found> =
  | { readonly id: number; readonly found: Found }
  | { readonly id: number; readonly message: string; readonly stack: string | undefined };

interface Waiting<Found> {
  readonly resolve: (found: Found) => void;
  readonly reject: (error: Error) => void;
  readonly worker: Worker;
}

/** Nearly all values of a thread soon become garbage, of which V8 would let each thread collect 48 MB. */
const youngMegabytes = 4;
/** A thread without work ends after this time. */
const idleMs = 10_000;

/**
 * Threads that answer requests, so that the thread that starts them stays free. They start with the first request and
 * end when there has been no work for a while. The program of a thread calls {@link answer}.
 */
export class Threads<Asked, Found> {
  private workers: Worker[] = [];
  private readonly waiting = new Map<number, Waiting<Found>>();
  private nextId = 0;
  private idle: NodeJS.Timeout | null = null;

  /**
   * @param script the bundle that the threads run
   * @param count number of threads
   */
  constructor(
    private readonly script: string,
    private readonly count: number,
  ) {}

  /** The number of pending requests that keeps all threads busy. */
  get ahead(): number {
    return 2 * this.count;
  }

  /**
   * Asks a thread.
   *
   * @param transfer buffers of the request that are handed over and not copied
   * @throws the error of the thread, which is a defect unless its program says otherwise
   */
  ask(asked: Asked, transfer: readonly ArrayBuffer[] = []): Promise<Found> {
    if (this.idle) clearTimeout(this.idle);
    this.idle = null;
    while (this.workers.length < this.count) this.workers.push(this.started());
    const id = this.nextId++;
    const worker = must(this.workers[id % this.count], 'a thread');
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, worker });
      worker.postMessage({ id, asked } satisfies Request<Asked>, [...transfer]);
    });
  }

  /** Ends the threads. Pending requests are rejected. */
  close(): void {
    if (this.idle) clearTimeout(this.idle);
    const ended = this.workers;
    this.workers = [];
    // A thread that has ended already needs no end.
    for (const worker of ended) worker.terminate().catch(() => undefined);
  }

  private started(): Worker {
    const worker = new Worker(this.script, { resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes } });
    // The program may end while a thread waits for work.
    worker.unref();
    const fail = (error: Error): void => {
      this.workers = this.workers.filter((other) => other !== worker);
      for (const [id, one] of this.waiting)
        if (one.worker === worker) {
          this.waiting.delete(id);
          one.reject(error);
        }
    };
    worker.on('message', (answered: Answer<Found>) => this.take(answered));
    worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => fail(new Error(`A thread ended with code ${code}`)));
    return worker;
  }

  private take(answered: Answer<Found>): void {
    const one = must(this.waiting.get(answered.id), 'the request of an answer');
    this.waiting.delete(answered.id);
    if (this.waiting.size === 0) this.idle = setTimeout(() => this.close(), idleMs).unref();
    if ('found' in answered) one.resolve(answered.found);
    else one.reject(Object.assign(new Error(answered.message), { stack: answered.stack }));
  }
}

/**
 * The work of a thread: answers the requests of {@link Threads}.
 *
 * @param find finds the answer, and names the buffers in it that are handed over and not copied
 */
export function answer<Asked, Found>(find: (asked: Asked) => { found: Found; transfer: readonly ArrayBuffer[] }): void {
  const port = must(parentPort, 'the port to the main thread');
  port.on('message', ({ id, asked }: Request<Asked>) => {
    try {
      const { found, transfer } = find(asked);
      port.postMessage({ id, found } satisfies Answer<Found>, [...transfer]);
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      port.postMessage({ id, message, stack } satisfies Answer<Found>);
    }
  });
}
