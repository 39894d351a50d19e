import { once } from 'node:events';
import { parentPort, Worker } from 'node:worker_threads';
import { errorCode, MarginError } from '../base/pure/marginError';
import { must } from '../base/pure/must';
import { RowStore, type RowStoreParts } from '../reward/rowStore';
import { loadRunRows, type LoadRunRows, type RowRequest, type RunRows, type SideRows } from './runRows';

/** One side as plain data; the file handle in it is transferred. */
interface SentSide {
  readonly rows: RowStoreParts;
  readonly prompts: SideRows['prompts'];
}

/** What the thread sends: progress any number of times, then one of the other two. */
type RowMessage =
  | { readonly kind: 'progress'; readonly lines: number }
  | {
      readonly kind: 'loaded';
      readonly train: SentSide;
      readonly held: SentSide | null;
      readonly remarks: RunRows['remarks'];
    }
  | {
      readonly kind: 'failed';
      /** null: the error has no code, so it is a defect. */
      readonly code: string | null;
      readonly message: string;
      readonly stack: string | undefined;
      readonly details: Readonly<Record<string, unknown>>;
    };

/**
 * Loads rows in a thread of their own. Tokenising and opening a training session each keep a thread busy, and ONNX
 * Runtime opens sessions synchronously, so the two need two threads to run at the same time. The thread starts at once,
 * so that it is ready when the model's folder is known.
 *
 * @param script the bundle that calls {@link sendRows} when it is not the main thread
 * @returns loads rows; call it once
 */
export function loadRowsInThread(script: string): LoadRunRows {
  const worker = new Worker(script);
  // A thread without work must not keep the process alive.
  worker.unref();
  const ended = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The thread that reads the rows ended with code ${code}`)));
  });
  // It may end before anybody asks for rows.
  ended.catch(() => undefined);
  return (request, onProgress) =>
    new Promise((resolve, reject) => {
      worker.ref();
      const fail = (error: unknown): void => {
        reject(error instanceof Error ? error : new Error(String(error)));
        worker.terminate().catch(reject);
      };
      worker.on('message', (message: RowMessage) => {
        if (message.kind === 'progress') onProgress(message.lines).catch(fail);
        else if (message.kind === 'loaded') resolve(receivedRows(message));
        else fail(receivedError(message));
      });
      // After any of the messages above, this has no effect.
      ended.catch(fail);
      worker.postMessage(request);
    });
}

/** The work of the thread: loads the rows that its starter asked for, and sends them. */
export async function sendRows(): Promise<void> {
  const port = must(parentPort, 'the port to the main thread');
  const send = (message: RowMessage): void => port.postMessage(message);
  try {
    // The starter is this bundle's own main thread.
    const [request] = (await once(port, 'message')) as [RowRequest];
    const { train, held, remarks } = await loadRunRows(request, async (lines) => send({ kind: 'progress', lines }));
    const sides = [sentSide(train), held && sentSide(held)] as const;
    const files = sides.flatMap((side) => (side ? [side.rows[0]] : []));
    port.postMessage({ kind: 'loaded', train: sides[0], held: sides[1], remarks } satisfies RowMessage, files);
  } catch (error) {
    const details = error instanceof MarginError ? error.details : {};
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    send({ kind: 'failed', code: errorCode(error) ?? null, message, stack, details });
  }
}

const sentSide = ({ rows, prompts }: SideRows): SentSide => ({ rows: rows.parts, prompts });

function receivedRows({ train, held, remarks }: RowMessage & { readonly kind: 'loaded' }): RunRows {
  const side = ({ rows, prompts }: SentSide): SideRows => ({ rows: new RowStore(...rows), prompts });
  return { train: side(train), held: held && side(held), remarks };
}

/** A message between threads loses the class of an error, so the error is made again. */
function receivedError({ code, message, stack, details }: RowMessage & { readonly kind: 'failed' }): Error {
  if (code !== null) return new MarginError(code, message, details);
  return Object.assign(new Error(message), { stack });
}
