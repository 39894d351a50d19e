import { at } from '../base/pure/must';
import type { PairReward } from '../run/types';
import { table } from './table';

/** Rows in the table of the lowest margins. */
const shownRows = 20;

/** Sums over rows of one kind. */
class Sums {
  count = 0;
  positive = 0;
  negative = 0;
  private total = 0;

  add(value: number): void {
    this.count++;
    this.total += value;
    if (value > 0) this.positive++;
    if (value < 0) this.negative++;
  }

  get mean(): string {
    return (this.total / this.count).toFixed(4);
  }
}

type Shown = Pick<PairReward, 'line' | 'key' | 'margin' | 'chosen' | 'rejected' | 'label'>;

/** The printed summary of scored rows: means over all rows, and the lowest margins. */
export class RewardSummary {
  private readonly pairs = new Sums();
  private readonly good = new Sums();
  private readonly bad = new Sums();
  /** The lowest margin first; equal ones in the order of their rows. */
  private lowest: Shown[] = [];

  get count(): number {
    return this.pairs.count + this.good.count + this.bad.count;
  }

  add({ margin, line, key, chosen, rejected, label }: PairReward): void {
    if (label === undefined) this.pairs.add(margin);
    else if (label) this.good.add(chosen.reward);
    else this.bad.add(rejected.reward);
    if (this.lowest.length === shownRows && margin >= at(this.lowest, shownRows - 1).margin) return;
    const shown = { line, key, margin, chosen, rejected, ...(label === undefined ? {} : { label }) };
    this.lowest = [...this.lowest, shown].sort((a, b) => a.margin - b.margin).slice(0, shownRows);
  }

  /** @param out the file that has the rewards; null if there is none */
  text(out: string | null): string {
    return [
      ...this.heads(),
      '',
      'Lowest margins:',
      table(['line', 'margin', 'chosen', 'rejected', 'key'], this.lowest.map(cells)),
      ...(out === null ? [] : ['', `Written: ${out}`]),
    ].join('\n');
  }

  private heads(): string[] {
    const { pairs, good, bad } = this;
    const judged = good.count + bad.count;
    const kinds = [
      [good, 'good'],
      [bad, 'bad'],
    ] as const;
    const means = kinds.flatMap(([sums, name]) =>
      sums.count > 0 ? [`${sums.count} ${name}, mean reward ${sums.mean}`] : [],
    );
    const against = `${good.negative + bad.positive} with a reward against the label`;
    const accuracy = `accuracy ${(pairs.positive / pairs.count).toFixed(3)}`;
    const negative = `${pairs.negative} with a negative margin`;
    return [
      ...(pairs.count > 0
        ? [[counted(pairs.count, 'pair'), `mean margin ${pairs.mean}`, accuracy, negative].join(' · ')]
        : []),
      ...(judged > 0 ? [`${counted(judged, 'judged answer')} · ${[...means, against].join(' · ')}`] : []),
    ];
  }
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The cells of a row. A judged answer has one side. */
function cells({ line, margin, chosen, rejected, key, label }: Shown): string[] {
  const side = (of: boolean, reward: number): string => (label === undefined || label === of ? reward.toFixed(4) : '');
  return [String(line), margin.toFixed(4), side(true, chosen.reward), side(false, rejected.reward), key];
}
