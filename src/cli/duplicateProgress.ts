import type { DuplicateProgress } from '../jsonl/node/duplicates/findDuplicates';
import type { Output } from './output';
import { Progress } from './progress';

/** Milliseconds between two lines of progress with --json. */
const tellMs = 200;

/** Shows how far a search for duplicates is; with --json also as lines of JSON: `{"progress": {"kind": …}}`. */
export class DuplicateTeller {
  private readonly progress: Progress;
  private last = Date.now();

  constructor(
    private readonly output: Output,
    private readonly json: boolean,
  ) {
    this.progress = new Progress(output);
  }

  readonly tell = (progress: DuplicateProgress): void => {
    this.progress.update(textOf(progress));
    if (!this.json || Date.now() - this.last < tellMs) return;
    this.last = Date.now();
    this.output.json({ progress });
  };

  /** Ends the redrawn line, so that it stays. */
  end(): void {
    this.progress.end();
  }
}

function textOf(progress: DuplicateProgress): string {
  if (progress.kind === 'read') return `${progress.rows.toLocaleString('en')} rows read`;
  return `${Math.floor(100 * progress.share)} % compared`;
}
