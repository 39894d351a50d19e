import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';

/** Places between two looks at the clock. */
const slice = 1 << 15;
/** Ranges of values in {@link Lookup}: most of them hold none of a page's values. */
const ranges = 1 << 14;
/** A range that has to be searched. */
const searched = -1;

/** Places in the order of their numbers, and where in it other numbers come. */
interface Lookup {
  readonly sorted: Int32Array;
  readonly low: number;
  readonly high: number;
  /** Ranges for each unit of a number. */
  readonly scale: number;
  /** Of each range of values from low to high the index that all of it has; {@link searched} otherwise. */
  readonly indices: Int32Array;
}

/**
 * The ranks of a few places: from 1 for the lowest number, equal ones in their order. It counts the numbers below,
 * which takes a fraction of the time to sort all.
 *
 * @param isRanked which places count; null: all. NaN never counts
 * @returns in the order of `places`; NaN for those that do not count
 */
export async function ranksAt(
  places: readonly number[],
  numbers: Float64Array,
  slices: Breathing,
  isRanked: ((place: number) => boolean) | null = null,
): Promise<Float64Array> {
  const counts = (place: number): boolean => !Number.isNaN(at(numbers, place)) && (isRanked?.(place) ?? true);
  const lookup = lookupOf(Int32Array.from(new Set(places.filter(counts))), numbers);
  /** Of each of `sorted` how many places come after the one before it, and not after it. */
  const steps = new Uint32Array(lookup.sorted.length + 1);
  for (let from = 0; from < numbers.length; from += slice) {
    await slices.breathe();
    count(steps, lookup, numbers, from, Math.min(numbers.length, from + slice), isRanked);
  }
  const ranks = new Map<number, number>();
  let rank = 0;
  lookup.sorted.forEach((place, i) => ranks.set(place, (rank += at(steps, i))));
  return Float64Array.from(places, (place) => ranks.get(place) ?? Number.NaN);
}

function lookupOf(sorted: Int32Array, numbers: Float64Array): Lookup {
  sorted.sort((a, b) => at(numbers, a) - at(numbers, b) || a - b);
  const [low, high] =
    sorted.length === 0 ? [0, 0] : [at(numbers, at(sorted, 0)), at(numbers, at(sorted, -1 + sorted.length))];
  const scale = high > low && Number.isFinite(high - low) ? (ranges - 1) / (high - low) : 0;
  const indices = new Int32Array(ranges);
  for (const place of sorted) indices[rangeOf(at(numbers, place), low, scale)] = searched;
  let index = 0;
  for (let range = 0; range < ranges; range++) {
    if (indices[range] !== searched) indices[range] = index;
    else while (index < sorted.length && rangeOf(at(numbers, at(sorted, index)), low, scale) === range) index++;
  }
  return { sorted, low, high, scale, indices };
}

function count(
  steps: Uint32Array,
  { sorted, low, high, scale, indices }: Lookup,
  numbers: Float64Array,
  from: number,
  to: number,
  isRanked: ((place: number) => boolean) | null,
): void {
  const above = sorted.length;
  for (let place = from; place < to; place++) {
    const number = numbers[place] as number;
    if (Number.isNaN(number) || (isRanked !== null && !isRanked(place))) continue;
    let index = number < low ? 0 : number > high ? above : (indices[rangeOf(number, low, scale)] as number);
    if (index === searched) index = firstNotBefore(sorted, numbers, number, place);
    steps[index] = (steps[index] as number) + 1;
  }
}

/** Infinities have the scale 0, and all their numbers the range 0: `| 0` makes it of NaN. */
function rangeOf(number: number, low: number, scale: number): number {
  return ((number - low) * scale) | 0;
}

/** The first index in `sorted` whose place is this one or comes after it. */
function firstNotBefore(sorted: Int32Array, numbers: Float64Array, number: number, place: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = sorted[middle] as number;
    const value = numbers[there] as number;
    if (value < number || (value === number && there < place)) low = middle + 1;
    else high = middle;
  }
  return low;
}
