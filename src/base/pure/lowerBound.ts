import { at } from './must';

/** Index of the first of the ascending numbers that is at least `value`; their count if there is none. */
export function lowerBound(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(numbers, middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
