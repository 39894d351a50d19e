import { type ChildProcess, fork } from 'node:child_process';
import { bundlePath } from '../../../base/node/bundlePath';
import { MarginError } from '../../../base/pure/marginError';
import type { RowText } from '../../containers/rowText';
import type { ParquetSaid } from './parquetProcess';

export interface ParquetOptions {
  readonly signal?: AbortSignal;
  /** MB of values that reading may hold. */
  readonly maxMemory?: number;
}

/** Values of a column of a row group, which are read together. Their bytes do not count. */
const defaultMemory = 4096;

/**
 * The rows of a Parquet file, one row group at a time, see `parquetParts`. Another process reads it, because bytes that
 * are made to fill the memory can end a process at once: V8 aborts on arrays that grow too long, in any thread.
 *
 * @throws MarginError `damaged` with the row group and column that cannot be read, `parquet-too-large`; the signal's
 *   reason if aborted
 */
export async function* parquetRows(
  file: string,
  { signal, maxMemory = defaultMemory }: ParquetOptions = {},
): AsyncGenerator<RowText[]> {
  signal?.throwIfAborted();
  const reader = new ParquetReader(file, maxMemory);
  const stop = (): void => reader.fail(signal?.reason as Error);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for (let rows = await reader.next(); rows !== null; rows = await reader.next()) yield rows;
  } finally {
    signal?.removeEventListener('abort', stop);
    reader.close();
  }
}

/** A process that gives rows when it is asked. */
class ParquetReader {
  private readonly child: ChildProcess;
  private reading = 'its footer';
  private waiting: { resolve: (rows: RowText[] | null) => void; reject: (error: Error) => void } | null = null;
  private failure: Error | null = null;

  constructor(
    private readonly file: string,
    private readonly maxMemory: number,
  ) {
    this.child = fork(bundlePath('parquetProcess.js'), [file], {
      execArgv: [`--max-old-space-size=${maxMemory}`],
      // In the extension host, the program is VS Code's own.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      serialization: 'advanced',
      // A process that V8 aborts writes its stack.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (said: ParquetSaid) => this.take(said));
    this.child.on('error', (error) => this.fail(error));
    this.child.on('exit', () => this.fail(this.ended()));
  }

  /** The next rows; null after the last. */
  next(): Promise<RowText[] | null> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      this.waiting = { resolve, reject };
      // If the message cannot be sent, the process has ended, which its exit event reports.
      this.child.send('next', () => undefined);
    });
  }

  /** Ends the reading with an error, unless it has ended. */
  fail(error: Error): void {
    this.failure ??= error;
    this.waiting?.reject(this.failure);
    this.waiting = null;
  }

  close(): void {
    this.child.kill('SIGKILL');
  }

  private take(said: ParquetSaid): void {
    if (said.kind === 'begins') {
      this.reading = said.what;
      return;
    }
    if (said.kind === 'error') {
      const { code, message } = said;
      return this.fail(code === null ? new Error(message) : new MarginError(code, message, { file: this.file }));
    }
    this.waiting?.resolve(said.rows);
    this.waiting = null;
  }

  /** The process ends by itself only when the memory is full. */
  private ended(): MarginError {
    const { file, reading, maxMemory } = this;
    const message = `${file} is Parquet, and ${reading} cannot be read with ${maxMemory} MB of memory: it is damaged, or its row groups are too large. Write it with smaller row groups.`;
    return new MarginError('parquet-too-large', message, { file });
  }
}
