import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import type { SuspectBook } from '../../pairs/suspects/suspectBook';
import { verdicts as suspectVerdicts } from '../../pairs/suspects/verdict';
import type { RewardColumns } from '../rewardColumns/rewardColumns';
import { PairTexts } from './pairTexts';

/** Pairs between two looks at the clock. */
const slicePairs = 1 << 12;

/** What a search for wrong labels says of all pairs of a file of rewards. */
export interface Suspicions {
  /** The probability that the label is flipped; NaN for pairs without a verdict. */
  readonly probabilities: Float64Array;
  readonly verdicts: PairTexts;
}

/** @param book null: nobody has searched */
export async function suspicionsOn(
  columns: RewardColumns,
  book: SuspectBook | null,
  slices: Breathing,
): Promise<Suspicions> {
  const probabilities = new Float64Array(columns.count).fill(Number.NaN);
  const codes = new Uint8Array(columns.count);
  const keys = book && book.size > 0 ? await columns.keys() : null;
  for (let place = 0; keys && place < columns.count; place++) {
    if (place % slicePairs === 0) await slices.breathe();
    const found = book?.of({ keys: [keys.numberAt(place)] });
    if (found === undefined || found.length === 0) continue;
    const { probability, verdict } = at(found, 0);
    probabilities[place] = probability;
    codes[place] = suspectVerdicts.indexOf(verdict) + 1;
  }
  return { probabilities, verdicts: new PairTexts(suspectVerdicts, codes) };
}
