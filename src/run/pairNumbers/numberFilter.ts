import type { Breathing } from '../../base/pure/breathing';
import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import { sortRows } from '../../base/pure/sortRows';
import { isPairLabel, numberOfField } from '../../pairs/pairNumber';
import { predicateOf, type RowSource } from '../../pairs/query/evaluate';
import { parseQuery } from '../../pairs/query/parseQuery';
import { type Fact, factsOf } from '../../pairs/query/queryFacts';
import type { PairTexts } from './pairTexts';
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
  if (others !== null) throw needsText(others);
  const meets = predicateOf(condition, await sourceFor(facts, numbers));
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
    const number = values[place] as number;
    return Number.isNaN(number) ? Number.MAX_VALUE : sign * number;
  };
  return sortRows(places, value, slices);
}

function needsText(what: string): MarginError {
  const message = `${what} needs the rows themselves: filter by it in the dataset. Here a filter asks for numbers, as in margin:<0.`;
  return new MarginError('needs-text', message, { what });
}

/** Answers what a filter asks of scored pairs. @throws MarginError `needs-text` */
async function sourceFor(facts: readonly Fact[], step: StepNumbers): Promise<RowSource> {
  const numbers = new Map<string, Float64Array>();
  const texts = new Map<string, PairTexts | null>();
  for (const { field, side } of facts) {
    const name = numberOfField(field, side);
    if (name !== null) numbers.set(name, await step.numbers(name));
    else if (field === 'suspected') texts.set(field, (await step.suspicions()).verdicts);
    else if (isPairLabel(field)) texts.set(field, await step.texts(field));
    else throw needsText(field);
  }
  const unasked = (): never => {
    throw new Error('The filter asks for the text of rows');
  };
  return {
    fact: (field, side) => {
      const values = must(numbers.get(must(numberOfField(field, side), field)), `the numbers of ${field}`);
      return (place) => {
        const value = values[place] as number;
        return Number.isNaN(value) ? null : value;
      };
    },
    factTexts: (field) => {
      const known = texts.get(field);
      return (place) => known?.at(place) ?? [];
    },
    number: unasked,
    labels: unasked,
    match: unasked,
  };
}
