import { type Mark, type Verdict, verdicts } from './mark';

/** How many pairs have which mark. */
export interface MarkCounts {
  readonly pairs: number;
  readonly unreviewed: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly skipped: number;
  readonly flagged: number;
  /** By tag. */
  readonly tags: ReadonlyMap<string, number>;
}

/** Counts marks, pair by pair. */
export class MarkTally {
  private pairs = 0;
  private skipped = 0;
  private flagged = 0;
  private readonly byVerdict = new Map<Verdict, number>();
  private readonly tags = new Map<string, number>();

  /** @param by 1 to count a pair, −1 to take it back @param mark null if the pair has none */
  add(mark: Mark | null, by: 1 | -1 = 1): void {
    this.pairs += by;
    if (mark === null) return;
    if (mark.verdict !== null) this.byVerdict.set(mark.verdict, (this.byVerdict.get(mark.verdict) ?? 0) + by);
    if (mark.verdict === null && mark.skipped) this.skipped += by;
    if (mark.flag) this.flagged += by;
    for (const tag of mark.tags) this.tags.set(tag, (this.tags.get(tag) ?? 0) + by);
  }

  get counts(): MarkCounts {
    const each = verdicts.map((verdict) => [verdict, this.byVerdict.get(verdict) ?? 0] as const);
    const reviewed = each.reduce((sum, [, count]) => sum + count, 0);
    return {
      pairs: this.pairs,
      unreviewed: this.pairs - reviewed,
      verdicts: Object.fromEntries(each) as Record<Verdict, number>,
      skipped: this.skipped,
      flagged: this.flagged,
      tags: new Map([...this.tags].filter(([, count]) => count > 0)),
    };
  }
}
