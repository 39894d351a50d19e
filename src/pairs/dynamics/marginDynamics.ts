import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import { groupIndex } from './dynamicsGroup';

/** Pairs between two looks at the clock. */
const slice = 1 << 14;
/** Pairs that a median is taken of: sorting them takes some milliseconds. */
const mostSampled = 1 << 16;
/** The code of a pair that was never scored. */
const unscored = 0;

/** Collects the margins of pairs over the steps of a run: mean and spread by Welford's method, 27 bytes a pair. */
export class MarginDynamics {
  private readonly steps: Uint16Array;
  private readonly above: Uint8Array;
  private readonly mean: Float64Array;
  /** The sum of squares of the differences from the mean. */
  private readonly squares: Float64Array;
  private readonly last: Float64Array;

  constructor(private readonly count: number) {
    this.steps = new Uint16Array(count);
    this.above = new Uint8Array(count);
    this.mean = new Float64Array(count);
    this.squares = new Float64Array(count);
    this.last = new Float64Array(count);
  }

  /** Adds a step, in the order of the steps. @param margins NaN for pairs that it did not score */
  async add(margins: Float64Array, slices: Breathing): Promise<void> {
    for (let place = 0; place < this.count; place++) {
      if (place % slice === 0) await slices.breathe();
      const margin = margins[place] as number;
      if (!Number.isNaN(margin)) this.put(place, margin);
    }
  }

  /** Of each pair the index of its group in `dynamicsGroups` + 1; 0 for a pair that no step scored. */
  async groups(slices: Breathing): Promise<Uint8Array> {
    const usual = this.usualMean();
    const groups = new Uint8Array(this.count);
    for (let place = 0; place < this.count; place++) {
      if (place % slice === 0) await slices.breathe();
      const steps = at(this.steps, place);
      if (steps === unscored) continue;
      const course = {
        mean: at(this.mean, place),
        spread: Math.sqrt(at(this.squares, place) / steps),
        wasAbove: at(this.above, place) === 1,
        last: at(this.last, place),
      };
      groups[place] = groupIndex(course, usual) + 1;
    }
    return groups;
  }

  /** The median size of the means. Of many pairs, as many evenly spaced ones say the same. */
  private usualMean(): number {
    const stride = Math.ceil(this.count / mostSampled);
    const sizes: number[] = [];
    for (let place = 0; place < this.count; place += stride)
      if (at(this.steps, place) !== unscored) sizes.push(Math.abs(at(this.mean, place)));
    return medianOf(Float64Array.from(sizes));
  }

  private put(place: number, margin: number): void {
    const steps = (this.steps[place] as number) + 1;
    const mean = this.mean[place] as number;
    const next = mean + (margin - mean) / steps;
    this.steps[place] = steps;
    this.mean[place] = next;
    this.squares[place] = (this.squares[place] as number) + (margin - mean) * (margin - next);
    this.last[place] = margin;
    if (margin > 0) this.above[place] = 1;
  }
}

/** The median; 0 without numbers. It sorts the numbers. */
function medianOf(numbers: Float64Array): number {
  numbers.sort();
  return numbers.length === 0 ? 0 : at(numbers, numbers.length >> 1);
}
