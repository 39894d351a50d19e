import { errorCode } from '../base/pure/marginError';
import { visible } from './visible';

/**
 * Where a command writes to. Everything passes {@link visible}, since names, texts and errors come from files that
 * others wrote. A reader that went away (`margin … | head`) closes it; writing then does nothing.
 */
export class Output {
  closed = false;

  constructor(
    private readonly stdout: NodeJS.WriteStream,
    private readonly stderr: NodeJS.WriteStream,
  ) {
    stdout.on('error', (error) => {
      this.closed = true;
      rethrowOther(error);
    });
    stderr.on('error', rethrowOther);
  }

  /** Whether a progress line can be redrawn in place. */
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

  /** JSON stays the same value: what {@link visible} writes is an escape of JSON's own. */
  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** For people: progress and complaints. */
  say(text: string): void {
    this.stderr.write(`${visible(text)}\n`);
  }

  /** The sign that it is the person's turn. */
  ask(): void {
    this.stderr.write('> ');
  }

  /** Draws a line over the last one. */
  redraw(text: string): void {
    this.stderr.write(`\r\u001b[2K${visible(text)}`);
  }

  /**
   * Resolves when stdout has taken everything, so that a big answer into a pipe is not cut by the end of the process.
   */
  async drain(): Promise<void> {
    if (!this.closed && this.stdout.writableLength > 0) await new Promise((resolve) => this.stdout.write('', resolve));
  }
}

/** A reader that went away is no error of ours. */
function rethrowOther(error: Error): void {
  if (errorCode(error) !== 'EPIPE') throw error;
}
