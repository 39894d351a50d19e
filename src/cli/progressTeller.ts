import type { DuplicateProgress } from '../jsonl/node/duplicates/findDuplicates';
import type { Output } from './output';
import { Progress } from './progress';

/** Milliseconds between two lines of progress with --json. */
const tellMs = 200;

/** Shows how far a command is; with --json also as lines of JSON: `{"progress": {"rows": 1000}}`. */
export class ProgressTeller<Told> {
  private readonly progress: Progress;
  private last = Date.now();

  constructor(
    private readonly output: Output,
    private readonly json: boolean,
    private readonly textOf: (told: Told) => string,
  ) {
    this.progress = new Progress(output);
  }

  readonly tell = (told: Told): void => {
    this.progress.update(this.textOf(told));
    if (!this.json || Date.now() - this.last < tellMs) return;
    this.last = Date.now();
    this.output.json({ progress: told });
  };

  /** Ends the redrawn line, so that it stays. */
  end(): void {
    this.progress.end();
  }
}

/** How far a search for duplicates is, in words. */
export function duplicatesText(progress: DuplicateProgress): string {
  return progress.kind === 'read' ? rowsText(progress) : `${Math.floor(100 * progress.share)} % compared`;
}

/** How many rows are read, in words. */
export function rowsText({ rows }: { readonly rows: number }): string {
  return `${rows.toLocaleString('en')} rows read`;
}
