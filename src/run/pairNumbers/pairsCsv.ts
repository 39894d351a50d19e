import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import { type FileNumber, isFileNumber, type ShownNumber } from '../../pairs/fileNumber';
import { pairNumbers } from '../../pairs/pairNumber';
import type { StepNumbers } from './stepNumbers';

/** Lines between two looks at the clock. */
const sliceLines = 1 << 10;
/** A number of a run has no more digits than the float32 sums that it comes from. */
const digits = 8;

/**
 * Pairs as CSV (RFC 4180): a column for each number that one of them has, then the key of the pair's content.
 *
 * @param places the pairs, in the order of the lines
 * @param ofFile columns of the dataset that are wanted, under their names in filters
 */
export async function pairsCsv(
  numbers: StepNumbers,
  places: Int32Array,
  slices: Breathing,
  ofFile: readonly FileNumber[] = [],
): Promise<string> {
  const keys = await numbers.shown.keys();
  const columns: (readonly [ShownNumber, Float64Array])[] = [];
  for (const name of [...pairNumbers, ...ofFile]) {
    const values = await numbers.numbers(name);
    const isWanted = isFileNumber(name) || places.some((place) => !Number.isNaN(at(values, place)));
    if (isWanted) columns.push([name, values]);
  }
  const lines = [[...columns.map(([name]) => headOf(name)), 'key'].join(',')];
  for (const [i, place] of places.entries()) {
    if (i % sliceLines === 0) await slices.breathe();
    lines.push([...columns.map(([name, values]) => written(name, at(values, place))), keys.textAt(place)].join(','));
  }
  return lines.map((line) => `${line}\r\n`).join('');
}

/** The name of a column may have commas. */
function headOf(name: ShownNumber): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

/** Numbers of the dataset keep all their digits. */
function written(name: ShownNumber, value: number): string {
  if (Number.isNaN(value)) return '';
  return String(isFileNumber(name) ? value : Number(value.toPrecision(digits)));
}
