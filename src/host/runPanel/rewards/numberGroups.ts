import { at } from '../../../base/pure/must';
import { fieldOfShown, type ShownNumber } from '../../../pairs/fileNumber';
import type { NumberRange, PairGroup } from '../../../protocol/runPanel';

/** At most so many values are groups of their own, such as the stars of a rating. */
const mostValues = 6;
/** Groups of a number with more values: quarters. */
const parts = 4;

/**
 * Groups of pairs by a number: its values if they are few, else its quarters. Pairs without it are the last group. The
 * groups are those of all pairs, so that a filter changes only their counts.
 *
 * @param values of all pairs; NaN for a pair without
 * @param ranges those of {@link rangesOf}
 * @param places the shown pairs
 * @param filterOf the filter that shows a group, from its term
 */
export function numberGroups(
  by: ShownNumber,
  values: Float64Array,
  ranges: readonly NumberRange[],
  places: Int32Array,
  filterOf: (term: string) => string,
): PairGroup[] {
  const lows = ranges.map(({ low }) => low);
  const counts = new Uint32Array(ranges.length + 1);
  for (let i = 0; i < places.length; i++) {
    const value = values[places[i] as number] as number;
    const group = Number.isNaN(value) ? ranges.length : groupOf(value, lows);
    counts[group] = (counts[group] as number) + 1;
  }
  const field = fieldOfShown(by);
  const groups = ranges.map((range, i): PairGroup => ({
    group: { by, range },
    count: at(counts, i),
    filter: filterOf(termOf(field, range)),
  }));
  const isComplete = values.every((value) => !Number.isNaN(value));
  if (isComplete) return groups;
  return [
    ...groups,
    { group: { by, range: null }, count: at(counts, ranges.length), filter: filterOf(withoutTerm(field)) },
  ];
}

/** A text in a column is something, so `:none` would not find it. A number that is missing equals nothing. */
const withoutTerm = (field: string): string => `not ${field} = ${field}`;

function termOf(field: string, { low, high, isClosed }: NumberRange): string {
  // A value of a column is a number without an exponent, or a text; a comparison may have one.
  if (low === high && !String(low).includes('e')) return `${field}:${low}`;
  return isClosed ? `${field}:>=${low} ${field}:<=${high}` : `${field}:>=${low} ${field}:<${high}`;
}

/** The last group whose low end is not above a value. */
function groupOf(value: number, lows: readonly number[]): number {
  let group = 0;
  while (group + 1 < lows.length && at(lows, group + 1) <= value) group++;
  return group;
}

/** The groups of a number without their pairs. It sorts all values, so ask once. */
export function rangesOf(values: Float64Array): NumberRange[] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return [];
  const few = fewValues(sorted);
  if (few !== null) return few.map((value) => ({ low: value, high: value, isClosed: true }));
  const bounds = new Set(Array.from({ length: parts }, (_, i) => at(sorted, Math.floor((i * sorted.length) / parts))));
  const lows = [...bounds];
  const last = at(sorted, sorted.length - 1);
  return lows.map((low, i) => ({ low, high: lows[i + 1] ?? last, isClosed: i === lows.length - 1 }));
}

/** The values of sorted numbers; null if they are many. */
function fewValues(sorted: Float64Array): number[] | null {
  const found: number[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] as number;
    if (value === found.at(-1)) continue;
    found.push(value);
    if (found.length > mostValues) return null;
  }
  return found;
}
