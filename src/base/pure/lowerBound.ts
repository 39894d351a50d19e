import { at } from './must';

/**
 * The index of the first number that is at least `value`, in a list of ascending numbers; the length of the list if all
 * are smaller.
 */
export function lowerBound(numbers: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(numbers, middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
