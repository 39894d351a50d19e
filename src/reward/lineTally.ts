/** How many lines a message names; `margin check` finds the others. */
const named = 10;
/** The most reasons that are counted separately. Random bytes would have one for each line. */
const mostReasons = 20;

/** Counts lines of a file that have something in common, and keeps the first line numbers. Its size is bounded. */
export class LineTally {
  /** How often it was found. A line counts twice if two of its answers or pairs have it. */
  count = 0;
  /** How many lines. */
  lines = 0;
  /** The first line numbers. */
  readonly first: number[] = [];
  #last = 0;

  /** Call it in the order of the lines. @param times 0 counts nothing */
  add(line: number, times = 1): void {
    if (times === 0) return;
    this.count += times;
    if (line === this.#last) return;
    this.#last = line;
    this.lines++;
    if (this.first.length < named) this.first.push(line);
  }

  /** `lines 3, 8, 9` */
  get lineList(): string {
    return `${this.lines === 1 ? 'line' : 'lines'} ${this.first.join(', ')}${this.lines > named ? ', …' : ''}`;
  }
}

/** Counts lines of a file that are left out, by their reason, which is a sentence. */
export class ReasonTally extends LineTally {
  private readonly byReason = new Map<string, LineTally>();
  private readonly others = new LineTally();

  /** Call it in the order of the lines. */
  addFor(line: number, reason: string): void {
    this.add(line);
    const known = this.byReason.get(reason);
    const tally = known ?? (this.byReason.size < mostReasons ? new LineTally() : this.others);
    if (!known && tally !== this.others) this.byReason.set(reason, tally);
    tally.add(line);
  }

  /** Each reason with its lines, in the order of the file. Reasons beyond the limit are one entry at the end. */
  get reasons(): readonly (readonly [reason: string, lines: LineTally])[] {
    const rest = [['Other reasons', this.others] as const].filter(([, { count }]) => count > 0);
    return [...this.byReason, ...rest];
  }
}
