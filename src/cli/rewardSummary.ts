import type { PairReward } from '../run/types';
import { table } from './table';

/** Rows of the table that a person reads. */
const shownRows = 20;

/** What a person is told of scored pairs: sums over all, and the lowest margins. */
export class RewardSummary {
  count = 0;
  private total = 0;
  private positive = 0;
  private negative = 0;
  /** Lowest margin first; equal ones in the order they came. */
  private lowest: Omit<PairReward, 'row'>[] = [];

  add(reward: PairReward): void {
    const { margin, line, key, chosen, rejected } = reward;
    this.count++;
    this.total += margin;
    if (margin > 0) this.positive++;
    if (margin < 0) this.negative++;
    if (this.lowest.length === shownRows && margin >= (this.lowest.at(-1)?.margin ?? 0)) return;
    this.lowest = [...this.lowest, { line, key, margin, chosen, rejected }].sort((a, b) => a.margin - b.margin).slice(0, shownRows);
  }

  /** @param out where the rewards were written to */
  text(out: string | null): string {
    const { count, total, positive, negative, lowest } = this;
    const cells = lowest.map(({ line, margin, chosen, rejected, key }) => [String(line), margin.toFixed(4), chosen.reward.toFixed(4), rejected.reward.toFixed(4), key]);
    return [
      `${count} pairs · mean margin ${(total / count).toFixed(4)} · accuracy ${(positive / count).toFixed(3)} · ${negative} with a negative margin`,
      '',
      `Lowest margins:`,
      table(['line', 'margin', 'chosen', 'rejected', 'key'], cells),
      ...(out === null ? [] : ['', `Written: ${out}`]),
    ].join('\n');
  }
}
