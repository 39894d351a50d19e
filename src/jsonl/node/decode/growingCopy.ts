import { MarginError } from '../../../base/pure/marginError';
import { inThread } from '../../../base/node/inThread';
import type { Growth } from '../growth';
import type { DecodeProgress } from './decodeFile';
import type { DecodeTask } from './decodeThread';

/** MB of values that decoding may hold: a chunk, or the rows of a part of a row group. */
const maxMemory = 1024;

/** A file that another thread writes while it is read. */
export class GrowingCopy implements Growth {
  /** How much of the source is decoded, from 0 to 1. */
  share = 0;
  private written = 0;
  private ended = false;
  private drained = false;
  private error: unknown = null;
  private readonly controller = new AbortController();
  private wake: () => void = () => undefined;
  /** Settles when nothing more is written. */
  readonly end: Promise<void>;

  /**
   * Begins to decode.
   *
   * @param script the bundle of `decodeThread.ts`
   * @param completed runs once the copy is complete
   */
  constructor(task: DecodeTask, script: string, completed: () => Promise<void>) {
    const { signal } = this.controller;
    const onProgress = ({ written, share }: DecodeProgress): void => {
      this.written = written;
      this.share = share;
      this.wake();
    };
    const outOfMemory = (): MarginError => {
      const message = `Reading ${task.source} takes more than ${maxMemory} MB of memory: it is damaged, or its rows are too large.`;
      return new MarginError('out-of-memory', message, { file: task.source });
    };
    this.end = inThread<DecodeTask, DecodeProgress, null>(task, { script, maxMemory, signal, onProgress, outOfMemory })
      .then(completed)
      .then(() => (this.share = 1))
      .catch((error: unknown) => (this.error = signal.aborted ? stopped(task.source) : error))
      .then(() => {
        this.ended = true;
        this.wake();
      });
  }

  get isComplete(): boolean {
    return this.ended && this.error === null;
  }

  /** Whether it was stopped before its end. */
  get isStopped(): boolean {
    return this.controller.signal.aborted && !this.isComplete;
  }

  /** @throws what ended the decoding */
  check(): void {
    if (this.error !== null) throw this.error;
  }

  stop(): void {
    if (!this.ended) this.controller.abort();
  }

  /** Settles when the copy has more than `bytes`, or is ended. */
  async beyond(bytes: number): Promise<void> {
    while (this.written <= bytes && !this.ended) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  /**
   * Waits for more than `bytes`, which are read.
   *
   * @returns false if there is no more
   * @throws what ended the decoding, once all that was written is read
   */
  async more(bytes: number): Promise<boolean> {
    await this.beyond(bytes);
    if (!this.ended) return true;
    if (!this.drained) {
      // The last report may be older than the last write.
      this.drained = true;
      return true;
    }
    this.check();
    return false;
  }
}

function stopped(file: string): MarginError {
  return new MarginError('stopped', `Reading ${file} was stopped: only its first rows are shown.`, { file });
}
