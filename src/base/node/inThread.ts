import { parentPort, Worker, workerData } from 'node:worker_threads';
import { errorCode, MarginError } from '../pure/marginError';
import { must } from '../pure/must';

/** A message of a thread: its progress, its result, or its error. */
type Said<Progress, Result> =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'error'; readonly code: string | null; readonly message: string; readonly details: Details };

type Details = MarginError['details'];

export interface ThreadOptions<Progress> {
  /** The bundle that the thread runs, which calls {@link answerTask}. */
  readonly script: string;
  /** MB of values that the thread may hold (`maxOldGenerationSizeMb`). Buffers do not count. */
  readonly maxMemory: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** The error of a thread that needs more memory. */
  readonly outOfMemory: () => MarginError;
}

const cancel = 'cancel';

/**
 * Runs one task in a thread of its own. An aborted task ends by itself, so that it removes what it has begun.
 *
 * @throws what the task throws, the error for too much memory, or the signal's reason
 */
export async function inThread<Task, Progress, Result>(task: Task, options: ThreadOptions<Progress>): Promise<Result> {
  const { script, maxMemory, signal, onProgress, outOfMemory } = options;
  signal?.throwIfAborted();
  const worker = new Worker(script, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: maxMemory } });
  const stop = (): void => worker.postMessage(cancel);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<Result>((resolve, reject) => {
      worker.on('message', (said: Said<Progress, Result>) => {
        if (said.kind === 'progress') onProgress?.(said.progress);
        else if (said.kind === 'result') resolve(said.result);
        else if (signal?.aborted) reject(signal.reason as Error);
        else reject(errorOf(said));
      });
      worker.on('error', (error) =>
        reject(errorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory() : (error as Error)),
      );
      worker.on('exit', (code) => reject(new Error(`The thread ${script} ended with code ${code}`)));
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function errorOf({ code, message, details }: Extract<Said<unknown, unknown>, { kind: 'error' }>): Error {
  return code === null ? new Error(message) : new MarginError(code, message, details);
}

/** The program of a thread for {@link inThread}. */
export function answerTask<Task, Progress, Result>(
  work: (task: Task, signal: AbortSignal, report: (progress: Progress) => void) => Promise<Result>,
): void {
  const port = must(parentPort, 'the port to the thread that waits');
  const controller = new AbortController();
  port.on('message', () => controller.abort());
  const say = (said: Said<Progress, Result>): void => port.postMessage(said);
  work(workerData as Task, controller.signal, (progress) => say({ kind: 'progress', progress })).then(
    (result) => say({ kind: 'result', result }),
    (error: unknown) => {
      const { message } = error instanceof Error ? error : new Error(String(error));
      const [code, details] = error instanceof MarginError ? [error.code, error.details] : [null, {}];
      say({ kind: 'error', code, message, details });
    },
  );
}
