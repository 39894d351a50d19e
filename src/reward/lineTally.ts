/** Lines that are named where many are meant; a reader who needs the others finds them with `margin check`. */
const named = 10;

/** What befell lines of a file: how often, and where first. As small for a million lines as for ten. */
export class LineTally {
  /** How often; more than once on a line where both its answers are concerned. */
  count = 0;
  /** Lines concerned. */
  lines = 0;
  readonly first: number[] = [];

  /** To be called in the order of the lines. */
  add(line: number, times = 1): void {
    if (times === 0) return;
    this.count += times;
    this.lines++;
    if (this.first.length < named) this.first.push(line);
  }

  /** `lines 3, 8, 9` */
  get places(): string {
    return `${this.lines === 1 ? 'line' : 'lines'} ${this.first.join(', ')}${this.lines > named ? ', …' : ''}`;
  }
}
