import { at } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import type { Measurement, RowSignals } from '../../../../src/pairs/suspects/signals';

export interface Simulation {
  readonly rows: number;
  /** The probability that a row is flipped. */
  readonly rate: number;
  readonly seed: number;
  /** Draws how clearly a right label shows in the margin. */
  readonly clarity: (random: Draw) => number;
  /** How far training on a label moves the margin towards it. */
  readonly learned?: number;
}

export interface Draw {
  uniform(): number;
  normal(): number;
  exponential(): number;
}

/** Clarities that margins of models may have. */
export const clarities = {
  clear: (draw: Draw): number => 3 + draw.normal(),
  normal: (draw: Draw): number => 1.5 + draw.normal(),
  skewed: (draw: Draw): number => draw.exponential() + draw.exponential() + 0.5 * draw.normal(),
} as const;

/** Two measurements of one run and two of another, which agree except for noise. */
export const measurements: readonly Measurement[] = ['a', 'a', 'b', 'b'].map((run, i) => ({ run, step: 10 + i }));

export function drawWith(seed: number): Draw {
  const uniform = seededRandom(seed);
  const exponential = (): number => -Math.log(1 - uniform());
  const normal = (): number => Math.sqrt(2 * exponential()) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal, exponential };
}

/** Margins of rows of which some are flipped. */
export function simulate({ rows, rate, seed, clarity, learned = 0 }: Simulation): {
  readonly rows: readonly RowSignals[];
  readonly flipped: readonly boolean[];
} {
  const draw = drawWith(seed);
  const flipped: boolean[] = [];
  const made = Array.from({ length: rows }, (_, row) => {
    const isFlipped = draw.uniform() < rate;
    flipped.push(isFlipped);
    const true_ = (isFlipped ? -1 : 1) * clarity(draw) + learned;
    const margins = measurements.map(() => 0.3 * (true_ + 0.2 * draw.normal()));
    return {
      row,
      line: row + 1,
      key: row.toString(16).padStart(16, '0'),
      margins,
      baseGap: 0,
      scoreGap: null,
      groups: [],
    };
  });
  return { rows: made, flipped };
}

export function shareOf(flags: readonly boolean[]): number {
  return flags.filter(Boolean).length / flags.length;
}

/** The area under the ROC curve of scores for flags: the probability that a flagged one has the higher score. */
export function auc(scores: readonly number[], flags: readonly boolean[]): number {
  const order = [...scores.keys()].sort((a, b) => at(scores, a) - at(scores, b));
  let [below, sum] = [0, 0];
  for (const i of order) {
    if (at(flags, i)) sum += below;
    else below++;
  }
  return sum / (below * (flags.length - below));
}
