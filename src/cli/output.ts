import type { Writable } from 'node:stream';
import { errorCode } from '../base/pure/marginError';
import { visible } from './visible';

/** A stream that may be a terminal. */
type Stream = Writable & Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>>;

/**
 * The output of a command. All text passes {@link visible}, because names, texts and errors come from files that others
 * wrote. If nobody reads stdout any more (`margin … | head`), the output is closed and further writes do nothing.
 */
export class Output {
  closed = false;

  constructor(
    private readonly stdout: Stream,
    private readonly stderr: Stream,
  ) {
    stdout.on('error', (error) => {
      this.closed = true;
      rethrowOther(error);
    });
    stderr.on('error', rethrowOther);
  }

  /** Whether stderr is a terminal, where a progress line can be redrawn. */
  get interactive(): boolean {
    return this.stderr.isTTY === true;
  }

  get columns(): number {
    return this.stderr.columns ?? 80;
  }

  write(text: string): void {
    if (!this.closed) this.stdout.write(visible(text));
  }

  line(text: string): void {
    this.write(`${text}\n`);
  }

  /** Prints data for another program. Escapes control characters only on a terminal, which would act on them. */
  data(text: string): void {
    if (!this.closed) this.stdout.write(this.stdout.isTTY ? visible(text) : text);
  }

  /** Prints a value as a JSON line. {@link visible} escapes characters as JSON does, so the value stays the same. */
  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** Prints progress and problems to stderr, for people. */
  say(text: string): void {
    this.stderr.write(`${visible(text)}\n`);
  }

  /** Prints the prompt sign for the next turn of a chat. */
  ask(): void {
    this.stderr.write('> ');
  }

  /** Replaces the last line on a terminal. */
  redraw(text: string): void {
    this.stderr.write(`\r\u001b[2K${visible(text)}`);
  }

  /**
   * Resolves when stdout has accepted all text. The end of the process would otherwise cut a long text in a pipe.
   */
  async drain(): Promise<void> {
    if (!this.closed && this.stdout.writableLength > 0) await new Promise((resolve) => this.stdout.write('', resolve));
  }
}

/** A closed pipe is not an error: the reader has what it needs. */
function rethrowOther(error: Error): void {
  if (errorCode(error) !== 'EPIPE') throw error;
}
