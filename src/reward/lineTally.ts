/** Lines that are named where many are meant; `margin check` finds the others. */
const named = 10;
/** Reasons that are told apart. A file of one kind of mistake has one, a file of noise as many as lines. */
const mostReasons = 20;

/**
 * Lines of a file that have something in common: how many, and the first of them. As small for a million lines as for
 * ten.
 */
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

/** Lines of a file that are left out, by the reason, a sentence. */
export class ReasonTally extends LineTally {
  private readonly byReason = new Map<string, LineTally>();
  private readonly others = new LineTally();

  /** To be called in the order of the lines. */
  addFor(line: number, reason: string): void {
    this.add(line);
    const known = this.byReason.get(reason);
    const tally = known ?? (this.byReason.size < mostReasons ? new LineTally() : this.others);
    if (!known && tally !== this.others) this.byReason.set(reason, tally);
    tally.add(line);
  }

  /** Each reason with its lines, in the order they were met; what came after too many of them together at the end. */
  get reasons(): readonly (readonly [reason: string, lines: LineTally])[] {
    const rest = [['Other reasons', this.others] as const].filter(([, { count }]) => count > 0);
    return [...this.byReason, ...rest];
  }
}
