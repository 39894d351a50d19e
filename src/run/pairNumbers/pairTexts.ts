import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import { dynamicsGroups } from '../../pairs/dynamics/dynamicsGroup';
import { MarginDynamics } from '../../pairs/dynamics/marginDynamics';
import type { RewardColumns } from '../rewardColumns/rewardColumns';
import { alignedMargins } from './alignedMargins';

/** One text of few for each pair, or none. */
export class PairTexts {
  private readonly lists: readonly (readonly string[])[];

  /** @param codes of each pair the index of its text + 1; 0: it has none */
  constructor(
    readonly texts: readonly string[],
    readonly codes: Uint8Array,
  ) {
    this.lists = [[], ...texts.map((text) => [text])];
  }

  /** The text of a pair in a list; an empty list if it has none. */
  at(place: number): readonly string[] {
    return at(this.lists, at(this.codes, place));
  }
}

/** Whether margins have changed their sign. 0 has no sign. None where one of the margins is unknown. */
export function flipsOf(margins: Float64Array, before: Float64Array): PairTexts {
  const codes = new Uint8Array(margins.length);
  for (let place = 0; place < codes.length; place++) {
    const product = at(margins, place) * at(before, place);
    codes[place] = Number.isNaN(product) ? 0 : product < 0 ? 1 : 2;
  }
  return new PairTexts(['yes', 'no'], codes);
}

/** A run whose rewards change as it trains: two scored steps at least. */
const leastSteps = 2;

/**
 * The training dynamics of pairs.
 *
 * @param of the pairs
 * @param steps the rewards of the scored steps after the start, in their order
 * @returns null if they are fewer than two: then nothing has changed
 */
export async function dynamicsOf(
  of: RewardColumns,
  steps: readonly (() => Promise<RewardColumns>)[],
  slices: Breathing,
): Promise<PairTexts | null> {
  if (steps.length < leastSteps) return null;
  const dynamics = new MarginDynamics(of.count);
  for (const step of steps) await dynamics.add(await alignedMargins(of, await step(), slices), slices);
  return new PairTexts(dynamicsGroups, await dynamics.groups(slices));
}

/** How many of some pairs have each text, in the order of the texts. */
export function countsOf({ texts, codes }: PairTexts, places: Int32Array): { text: string; count: number }[] {
  const byCode = new Uint32Array(texts.length + 1);
  for (let i = 0; i < places.length; i++) {
    const code = codes[places[i] as number] as number;
    byCode[code] = (byCode[code] as number) + 1;
  }
  return texts.map((text, i) => ({ text, count: at(byCode, i + 1) }));
}
