import { parentPort, Worker } from 'node:worker_threads';
import { must } from '../../base/pure/must';
import type { Reading } from '../../pairs/reading';

/** Rows for a thread to check. */
interface RowRequest {
  readonly id: number;
  readonly lines: readonly string[];
  readonly reading: Reading;
}

/** The answer of a thread: its result, or a defect. */
type RowAnswer<Found> =
  | { readonly id: number; readonly found: Found }
  | { readonly id: number; readonly message: string; readonly stack: string | undefined };

interface Waiting<Found> {
  readonly resolve: (found: Found) => void;
  readonly reject: (error: Error) => void;
  readonly worker: Worker;
}

/** A thread without work ends after this time. */
const idleMs = 10_000;

/**
 * Threads that check rows, so that the thread that starts them stays free. They start with the first rows and end when
 * there has been no work for a while. The program of a thread calls {@link answerRows}.
 */
export class RowThreads<Found> {
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

  /** Checks rows. @throws the error of a thread, which is a defect */
  look(lines: readonly string[], reading: Reading): Promise<Found> {
    if (this.idle) clearTimeout(this.idle);
    this.idle = null;
    while (this.workers.length < this.count) this.workers.push(this.started());
    const id = this.nextId++;
    const worker = must(this.workers[id % this.count], 'a thread');
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, worker });
      worker.postMessage({ id, lines, reading } satisfies RowRequest);
    });
  }

  /** Ends the threads. Pending requests are rejected. */
  close(): void {
    if (this.idle) clearTimeout(this.idle);
    const ended = this.workers;
    this.workers = [];
    for (const worker of ended) worker.terminate().catch(() => undefined);
  }

  private started(): Worker {
    const worker = new Worker(this.script);
    // The program may end while a thread waits for rows.
    worker.unref();
    const fail = (error: Error): void => {
      this.workers = this.workers.filter((other) => other !== worker);
      for (const [id, one] of this.waiting)
        if (one.worker === worker) {
          this.waiting.delete(id);
          one.reject(error);
        }
    };
    worker.on('message', (answer: RowAnswer<Found>) => this.take(answer));
    worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => fail(new Error(`The thread that checks rows ended with code ${code}`)));
    return worker;
  }

  private take(answer: RowAnswer<Found>): void {
    const one = must(this.waiting.get(answer.id), 'the request of an answer');
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0) this.idle = setTimeout(() => this.close(), idleMs).unref();
    if ('found' in answer) one.resolve(answer.found);
    else one.reject(Object.assign(new Error(answer.message), { stack: answer.stack }));
  }
}

/**
 * The work of a thread: answers the requests of {@link RowThreads}.
 *
 * @param look checks rows, and names the buffers of its result that are transferred and not copied
 */
export function answerRows<Found>(
  look: (lines: readonly string[], reading: Reading) => { found: Found; transfer: readonly ArrayBuffer[] },
): void {
  const port = must(parentPort, 'the port to the main thread');
  port.on('message', ({ id, lines, reading }: RowRequest) => {
    try {
      const { found, transfer } = look(lines, reading);
      port.postMessage({ id, found } satisfies RowAnswer<Found>, [...transfer]);
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      port.postMessage({ id, message, stack } satisfies RowAnswer<Found>);
    }
  });
}
