import type { Mark } from './mark';

/** The 97.5 % quantile of the normal distribution, for an interval of 95 %. */
const quantile = 1.959964;

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
    ...interval(forFirst, verdicts),
  }));
  return biases.sort((a, b) => b.verdicts - a.verdicts);
}

function interval(hits: number, of: number): Pick<PositionBias, 'share' | 'low' | 'high'> {
  const share = hits / of;
  const square = quantile ** 2;
  const middle = (share + square / (2 * of)) / (1 + square / of);
  const half = (quantile / (1 + square / of)) * Math.sqrt((share * (1 - share)) / of + square / (4 * of ** 2));
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
