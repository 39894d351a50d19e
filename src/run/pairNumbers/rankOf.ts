import type { Breathing } from '../../base/pure/breathing';
import { sortRows } from '../../base/pure/sortRows';

/** Places between two looks at the clock. */
const slice = 1 << 15;

/** The places of numbers, the lowest first; equal ones in their order. NaN, and what is not ranked, is left out. */
export async function orderOf(
  numbers: Float64Array,
  slices: Breathing,
  isRanked: (place: number) => boolean = () => true,
): Promise<Int32Array> {
  const places = new Int32Array(numbers.length);
  let count = 0;
  for (let place = 0; place < places.length; place++) {
    if (place % slice === 0) await slices.breathe();
    if (!Number.isNaN(numbers[place] as number) && isRanked(place)) places[count++] = place;
  }
  return sortRows(places.subarray(0, count), (place) => numbers[place] as number, slices);
}

/** Of each place its rank in an order, from 1; NaN for places that the order leaves out. */
export function ranksIn(order: Int32Array, count: number): Float64Array {
  const ranks = new Float64Array(count).fill(Number.NaN);
  for (let rank = 0; rank < order.length; rank++) ranks[order[rank] as number] = rank + 1;
  return ranks;
}
