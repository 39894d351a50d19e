import { type Mark, type Verdict, verdicts } from '../../pairs/marks/mark';
import type { Left } from './reviewPair';

const names: Readonly<Record<Verdict, string>> = { keep: 'keep', swap: 'swap', tie: 'tie', both_bad: 'both bad' };

interface Made {
  readonly time: number;
  readonly verdict: Verdict | null;
  /** Whether a blind verdict preferred the answer on the left; null for others. */
  readonly forLeft: boolean | null;
}

/** What a person did in a session. */
export class ReviewSummary {
  private readonly made: Made[] = [];

  /** When the verdicts were made, in milliseconds. */
  get times(): readonly number[] {
    return this.made.filter(({ verdict }) => verdict !== null).map(({ time }) => time);
  }

  add({ verdict = null }: Partial<Mark>, left: Left, blind: boolean): void {
    const prefers = verdict === 'keep' ? 'chosen' : verdict === 'swap' ? 'rejected' : null;
    this.made.push({ time: Date.now(), verdict, forLeft: blind && prefers !== null ? prefers === left : null });
  }

  undo(): void {
    this.made.pop();
  }

  get sentence(): string | null {
    const counts = verdicts.flatMap((verdict) => {
      const count = this.made.filter((one) => one.verdict === verdict).length;
      return count === 0 ? [] : [`${count} ${names[verdict]}`];
    });
    const { length } = this.times;
    if (length === 0) return null;
    const sides = this.made.flatMap(({ forLeft }) => forLeft ?? []);
    const left = sides.filter((side) => side).length;
    const bias =
      sides.length === 0 ? '' : ` Of ${sides.length} blind verdicts for one answer, ${left} were for the left one.`;
    return `Reviewed ${length === 1 ? '1 pair' : `${length} pairs`}: ${counts.join(', ')}.${bias}`;
  }
}
