import type { Output } from './output';
import { Progress } from './progress';

/** Milliseconds between two lines of progress with --json. */
const tellMs = 200;

/** Shows how many rows were read; with --json also as lines of JSON: `{"progress": {"rows": 1000}}`. */
export class RowTeller {
  private readonly progress: Progress;
  private last = Date.now();

  constructor(
    private readonly output: Output,
    private readonly json: boolean,
  ) {
    this.progress = new Progress(output);
  }

  tell(rows: number): void {
    if (!this.json) return this.progress.update(`${rows.toLocaleString('en')} rows read`);
    if (Date.now() - this.last < tellMs) return;
    this.last = Date.now();
    this.output.json({ progress: { rows } });
  }

  /** Ends the redrawn line, so that it stays. */
  end(): void {
    this.progress.end();
  }
}
