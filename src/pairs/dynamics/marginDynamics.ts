import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import { groupIndex } from './dynamicsGroup';

/** Pairs between two looks at the clock. */
const slice = 1 << 14;
/** Pairs that a median is taken of: sorting them takes some milliseconds. */
const mostSampled = 1 << 16;
/** The code of a pair that was never scored. */
const unscored = 0;
/** The margin was above 0 at some step before the last one; at the last one. */
const [wasAbove, isAbove] = [1, 2];

/** Collects the margins of pairs over the steps of a run: mean and spread by Welford's method, 19 bytes a pair. */
export class MarginDynamics {
  private readonly steps: Uint16Array;
  /** Of each pair 0, {@link wasAbove}, or {@link isAbove}. */
  private readonly above: Uint8Array;
  private readonly mean: Float64Array;
  /** The sum of squares of the differences from the mean. */
  private readonly squares: Float64Array;

  constructor(private readonly count: number) {
    this.steps = new Uint16Array(count);
    this.above = new Uint8Array(count);
    this.mean = new Float64Array(count);
    this.squares = new Float64Array(count);
  }

  /** Adds a step, in the order of the steps. @param margins NaN for pairs that it did not score */
  async add(margins: Float64Array, slices: Breathing): Promise<void> {
    for (let from = 0; from < this.count; from += slice) {
      await slices.breathe();
      this.put(margins, from, Math.min(this.count, from + slice));
    }
  }

  /** Of each pair the index of its group in `dynamicsGroups` + 1; 0 for a pair that no step scored. */
  async groups(slices: Breathing): Promise<Uint8Array> {
    const usual = this.usualMean();
    const groups = new Uint8Array(this.count);
    for (let from = 0; from < this.count; from += slice) {
      await slices.breathe();
      this.group(groups, usual, from, Math.min(this.count, from + slice));
    }
    return groups;
  }

  /** One object serves for all pairs. */
  private group(groups: Uint8Array, usual: number, from: number, to: number): void {
    const { steps: counts, mean, squares, above } = this;
    const course = { mean: 0, spread: 0, wasAbove: false, isAbove: false };
    for (let place = from; place < to; place++) {
      const steps = counts[place] as number;
      if (steps === unscored) continue;
      course.mean = mean[place] as number;
      course.spread = Math.sqrt((squares[place] as number) / steps);
      course.wasAbove = above[place] !== 0;
      course.isAbove = above[place] === isAbove;
      groups[place] = groupIndex(course, usual) + 1;
    }
  }

  /** The median size of the means. Of many pairs, as many evenly spaced ones say the same. */
  private usualMean(): number {
    const stride = Math.ceil(this.count / mostSampled);
    const sizes: number[] = [];
    for (let place = 0; place < this.count; place += stride)
      if (at(this.steps, place) !== unscored) sizes.push(Math.abs(at(this.mean, place)));
    return medianOf(Float64Array.from(sizes));
  }

  /** The columns are constants, because the engine then reads them once for all pairs. */
  private put(margins: Float64Array, from: number, to: number): void {
    const { steps: counts, mean: means, squares, above } = this;
    for (let place = from; place < to; place++) {
      const margin = margins[place] as number;
      if (Number.isNaN(margin)) continue;
      const steps = (counts[place] as number) + 1;
      const mean = means[place] as number;
      const next = mean + (margin - mean) / steps;
      counts[place] = steps;
      means[place] = next;
      squares[place] = (squares[place] as number) + (margin - mean) * (margin - next);
      if (margin > 0) above[place] = isAbove;
      else if (above[place] === isAbove) above[place] = wasAbove;
    }
  }
}

/** The median; 0 without numbers. It sorts the numbers. */
function medianOf(numbers: Float64Array): number {
  numbers.sort();
  return numbers.length === 0 ? 0 : at(numbers, numbers.length >> 1);
}
