import type { Breathing } from '../../base/pure/breathing';
import { MarginError } from '../../base/pure/marginError';
import { at, must } from '../../base/pure/must';
import { sortRows } from '../../base/pure/sortRows';
import type { PairNumber } from '../../pairs/pairNumber';
import type { QuerySide } from '../../pairs/query/condition';
import { predicateOf, type RowSource } from '../../pairs/query/evaluate';
import { parseQuery } from '../../pairs/query/parseQuery';
import { type Fact, factsOf } from '../../pairs/query/queryFacts';
import type { StepNumbers } from './stepNumbers';

/** Pairs between two looks at the clock. */
const slicePairs = 1 << 13;

/**
 * The places of the pairs that meet a filter, in their order.
 *
 * @param filter only of numbers of pairs, such as `margin:<0`; '' for all
 * @throws BadQuery; MarginError `needs-text` if the filter asks for more than numbers
 */
export async function placesOf(filter: string, numbers: StepNumbers, slices: Breathing): Promise<Int32Array> {
  const condition = parseQuery(filter);
  const { facts, others } = factsOf(condition);
  const known = new Map<string, Float64Array>();
  for (const fact of facts) {
    const name = numberOfFact(fact);
    if (name === null) throw needsText(fact.field);
    known.set(idOf(fact.field, fact.side), await numbers.numbers(name));
  }
  if (others !== null) throw needsText(others);
  const meets = predicateOf(condition, numberSource(known));
  const places = new Int32Array(numbers.count);
  let count = 0;
  for (let place = 0; place < numbers.count; place++) {
    if (place % slicePairs === 0) await slices.breathe();
    if (meets(place) === true) places[count++] = place;
  }
  return places.subarray(0, count);
}

/** Sorts places by a number. Pairs without it come last in either direction. */
export async function sortPlaces(
  places: Int32Array,
  values: Float64Array,
  descending: boolean,
  slices: Breathing,
): Promise<Int32Array> {
  const sign = descending ? -1 : 1;
  const value = (place: number): number => {
    const number = at(values, place);
    return Number.isNaN(number) ? Number.MAX_VALUE : sign * number;
  };
  return sortRows(places, value, slices);
}

/** The number of a field; null if it is none of a scored pair. */
function numberOfFact({ field, side }: Fact): PairNumber | null {
  if (field === 'margin' || field === 'line') return field;
  return field === 'reward' && (side === 'chosen' || side === 'rejected') ? side : null;
}

function needsText(what: string): MarginError {
  const message = `${what} needs the rows themselves: filter by it in the dataset. Here a filter asks for numbers, as in margin:<0.`;
  return new MarginError('needs-text', message, { what });
}

function idOf(field: string, side: QuerySide | null): string {
  return `${field} ${side}`;
}

function numberSource(known: ReadonlyMap<string, Float64Array>): RowSource {
  const none = (): never => {
    throw new Error('The filter asks for the text of rows');
  };
  return {
    fact: (field, side) => {
      const numbers = must(known.get(idOf(field, side)), `the numbers of ${field}`);
      return (place) => {
        const value = at(numbers, place);
        return Number.isNaN(value) ? null : value;
      };
    },
    factTexts: none,
    number: none,
    labels: none,
    match: none,
  };
}
