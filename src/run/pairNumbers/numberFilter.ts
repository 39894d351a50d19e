import type { Breathing } from '../../base/pure/breathing';
import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import { fileNumberOf } from '../../pairs/fileNumber';
import { isPairLabel, numberOfField } from '../../pairs/pairNumber';
import { predicateOf, type RowSource } from '../../pairs/query/evaluate';
import type { Condition } from '../../pairs/query/condition';
import { parseQuery } from '../../pairs/query/parseQuery';
import { factsOf, type QueryFacts } from '../../pairs/query/queryFacts';
import { maskOf, type MaskSource } from './numberMask';
import type { PairTexts } from './pairTexts';
import type { StepNumbers } from './stepNumbers';

/**
 * The places of the pairs that meet a filter, in their order.
 *
 * @param filter only of numbers of pairs, such as `margin:<0` or `.score:>3`; '' for all
 * @throws BadQuery; MarginError `needs-text` if the filter asks for more than numbers
 */
export async function placesOf(filter: string, numbers: StepNumbers, slices: Breathing): Promise<Int32Array> {
  const condition = parseQuery(filter);
  const asked = factsOf(condition);
  if (asked.others !== null) throw needsText(asked.others);
  const mask = await maskOf(condition, await sourceFor(asked, numbers), numbers.count, slices);
  const places = new Int32Array(numbers.count);
  let count = 0;
  for (let place = 0; place < places.length; place++) if (mask[place] === 1) places[count++] = place;
  return places.subarray(0, count);
}

function needsText(what: string): MarginError {
  const message = `${what} needs the rows themselves: filter by it in the dataset. Here a filter asks for numbers, as in margin:<0 or .score:>3.`;
  return new MarginError('needs-text', message, { what });
}

/** Answers what a filter asks of scored pairs. @throws MarginError `needs-text` */
async function sourceFor(
  { facts, values }: Pick<QueryFacts, 'facts' | 'values'>,
  step: StepNumbers,
): Promise<MaskSource> {
  const columns = new Map<string, Float64Array>();
  for (const name of values.map(fileNumberOf)) columns.set(name, await step.numbers(name));
  const numbers = new Map<string, Float64Array>();
  const texts = new Map<string, PairTexts | null>();
  for (const { field, side } of facts) {
    const name = numberOfField(field, side);
    if (name !== null) numbers.set(name, await step.numbers(name));
    else if (field === 'suspected') texts.set(field, (await step.suspicions()).verdicts);
    else if (isPairLabel(field)) texts.set(field, await step.texts(field));
    else throw needsText(field);
  }
  return {
    numbers: (field, side) => must(numbers.get(must(numberOfField(field, side), field)), `the numbers of ${field}`),
    column: (keys) => must(columns.get(fileNumberOf(keys)), 'the numbers of a column'),
    texts: (condition) => {
      const known = condition.of.kind === 'field' ? texts.get(condition.of.field) : undefined;
      return textTest(condition, known ?? null);
    },
  };
}

/** Tests each of the few texts once. @param texts null: no pair has one */
function textTest(condition: Condition, texts: PairTexts | null): (place: number) => boolean {
  const meets = (list: readonly string[]): boolean =>
    predicateOf(condition, { ...noRows, factTexts: () => () => list })(0) === true;
  const without = meets([]);
  if (texts === null) return () => without;
  const met = [without, ...texts.texts.map((text) => meets([text]))];
  const { codes } = texts;
  return (place) => met[codes[place] as number] as boolean;
}

const unasked = (): never => {
  throw new Error('The filter asks for the text of rows');
};
/** Of pairs without their rows. */
const noRows: RowSource = { fact: unasked, factTexts: unasked, number: unasked, labels: unasked, match: unasked };
