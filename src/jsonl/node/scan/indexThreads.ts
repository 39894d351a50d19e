import { fileError } from '../../../base/node/fileError';
import { inThread } from '../../../base/node/inThread';
import { Threads } from '../../../base/node/threads';
import { MarginError } from '../../../base/pure/marginError';
import { must } from '../../../base/pure/must';
import type { ElementPart } from '../../elementPart';
import type { LinePart } from '../../linePart';
import type { ElementTask } from './readElements';

/** A part of an open file to read. All threads of a process share its descriptor. */
export interface PartQuestion {
  readonly fd: number;
  readonly start: number;
  readonly bytes: number;
}

/** What was found, or an error of the system. */
export type PartAnswer = LinePart | { readonly code: string | undefined; readonly message: string };

/** Bytes that a thread reads at a time: some milliseconds of work. */
const partBytes = 1 << 22;

/** MB of values in the thread that finds elements: it holds a megabyte of the file and what was found in it. */
const maxMemory = 512;

/** Threads that find the rows of files, so that the thread that shows them stays free. */
export class IndexThreads {
  private readonly threads: Threads<PartQuestion, PartAnswer>;

  /**
   * @param script the bundle of `indexThread.ts`
   * @param count number of threads
   */
  constructor(
    private readonly script: string,
    count: number,
  ) {
    this.threads = new Threads(script, count);
  }

  /**
   * Reads the bytes `from … to - 1` of an open file, and gives their parts in order. It ends after a part that is
   * shorter than was asked for, because the file has shrunk. The descriptor is not used any more when this has ended.
   *
   * @param path names the file in errors
   * @throws MarginError those of {@link fileError}
   */
  async *lines(fd: number, path: string, from: number, to: number): AsyncGenerator<LinePart> {
    const pending: { readonly bytes: number; readonly answer: Promise<PartAnswer> }[] = [];
    let next = from;
    try {
      for (;;) {
        for (; next < to && pending.length < this.threads.ahead; next += partBytes) {
          const bytes = Math.min(partBytes, to - next);
          const answer = this.threads.ask({ fd, start: next, bytes });
          // It is awaited in its turn, and its error is thrown there.
          answer.catch(() => undefined);
          pending.push({ bytes, answer });
        }
        if (pending.length === 0) return;
        const first = must(pending.shift(), 'a part');
        const part = await first.answer;
        if (!('ends' in part))
          throw fileError(Object.assign(new Error(part.message), { code: part.code }), 'read', path);
        yield part;
        if (part.bytes < first.bytes) return;
      }
    } finally {
      await Promise.allSettled(pending.map(({ answer }) => answer));
    }
  }

  /**
   * Finds the elements of an open file in a thread of its own: what a byte is depends on all bytes before it.
   *
   * @param found called with each part in order
   * @throws MarginError as {@link readElements}, `out-of-memory`
   */
  elements(task: ElementTask, signal: AbortSignal | undefined, found: (part: ElementPart) => void): Promise<void> {
    const outOfMemory = (): MarginError =>
      new MarginError('out-of-memory', `${task.name} cannot be read: finding its rows takes too much memory.`);
    const options = { script: this.script, maxMemory, onProgress: found, outOfMemory, ...(signal && { signal }) };
    return inThread<ElementTask, ElementPart, void>(task, options);
  }

  /** Ends the threads. */
  close(): void {
    this.threads.close();
  }
}
