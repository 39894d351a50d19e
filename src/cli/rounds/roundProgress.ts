import type { Output } from '../output';
import { Progress } from '../progress';

/** Milliseconds between two lines of progress with --json. */
const tellMs = 200;

/** Says how far a part of a round is: on stderr, and with --json as lines `{"progress": {"done", "total", "text"}}`. */
export class RoundProgress {
  private readonly progress: Progress;
  private told = 0;

  constructor(
    private readonly output: Output,
    private readonly json: boolean,
  ) {
    this.progress = new Progress(output);
  }

  /** @param what such as `drafts` */
  update(what: string, done: number, total: number): void {
    const text = `${what}: ${done.toLocaleString('en')}/${total.toLocaleString('en')}`;
    this.progress.update(text);
    if (!this.json || (done < total && Date.now() - this.told < tellMs)) return;
    this.told = Date.now();
    this.output.json({ progress: { done, total, text } });
  }

  say(text: string): void {
    this.progress.end();
    this.output.say(text);
  }

  end(): void {
    this.progress.end();
  }
}
