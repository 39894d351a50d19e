import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import { type PairNumber, pairNumbers } from '../../pairs/pairNumber';
import type { StepNumbers } from './stepNumbers';

/** Lines between two looks at the clock. */
const sliceLines = 1 << 10;
/** A number has no more digits than the float32 sums that it comes from. */
const digits = 8;

/**
 * Pairs as CSV (RFC 4180): a column for each number that one of them has, then the key of the pair's content.
 *
 * @param places the pairs, in the order of the lines
 */
export async function pairsCsv(numbers: StepNumbers, places: Int32Array, slices: Breathing): Promise<string> {
  const keys = await numbers.shown.keys();
  const columns: (readonly [PairNumber, Float64Array])[] = [];
  for (const name of pairNumbers) {
    const values = await numbers.numbers(name);
    if (places.some((place) => !Number.isNaN(at(values, place)))) columns.push([name, values]);
  }
  const lines = [[...columns.map(([name]) => name), 'key'].join(',')];
  for (const [i, place] of places.entries()) {
    if (i % sliceLines === 0) await slices.breathe();
    lines.push([...columns.map(([, values]) => written(at(values, place))), keys.textAt(place)].join(','));
  }
  return lines.map((line) => `${line}\r\n`).join('');
}

function written(value: number): string {
  return Number.isNaN(value) ? '' : String(Number(value.toPrecision(digits)));
}
