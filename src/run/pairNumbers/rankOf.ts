import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import { sortRows } from '../../base/pure/sortRows';

/**
 * The rank of each number: 1 for the lowest; equal ones in their order. NaN has none: NaN.
 *
 * @param isRanked leaves out others
 */
export async function ranksOf(
  numbers: Float64Array,
  slices: Breathing,
  isRanked: (place: number) => boolean = () => true,
): Promise<Float64Array> {
  const places = new Int32Array(numbers.length)
    .map((_, place) => place)
    .filter((place) => !Number.isNaN(at(numbers, place)) && isRanked(place));
  const order = await sortRows(places, (place) => at(numbers, place), slices);
  const ranks = new Float64Array(numbers.length).fill(Number.NaN);
  order.forEach((place, rank) => (ranks[place] = rank + 1));
  return ranks;
}
