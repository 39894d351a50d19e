import { proportion } from '../statistics/proportion';
import type { Mark } from './mark';

/** How often a reviewer preferred the answer that was shown first. */
export interface PositionBias {
  readonly by: string;
  /** Blind verdicts for one of the answers; ties are left out. */
  readonly verdicts: number;
  readonly forFirst: number;
  /** `forFirst` ÷ `verdicts`, with its 95 % interval by Wilson (1927). As sides are shuffled, 0.5 is fair. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** The bias of each reviewer who has judged blind, the one with the most verdicts first. */
export function positionBiases(marks: Iterable<Mark>): readonly PositionBias[] {
  const counts = new Map<string, { verdicts: number; forFirst: number }>();
  for (const { by, verdict, first, blind } of marks) {
    if (!blind || first === null || (verdict !== 'keep' && verdict !== 'swap')) continue;
    const count = counts.get(by) ?? { verdicts: 0, forFirst: 0 };
    count.verdicts++;
    if ((verdict === 'keep') === (first === 'chosen')) count.forFirst++;
    counts.set(by, count);
  }
  const biases = [...counts].map(([by, { verdicts, forFirst }]) => ({
    by,
    verdicts,
    forFirst,
    ...proportion(forFirst, verdicts),
  }));
  return biases.sort((a, b) => b.verdicts - a.verdicts);
}
