import { at } from '../../../base/pure/must';
import type { PairTrend } from '../../../protocol/runPanel';
import { halvesOf } from '../../../run/rewardColumns/pairKeys';
import type { RewardColumns } from '../../../run/rewardColumns/rewardColumns';

/** The rewards of a pair over steps; NaN where it was not scored. */
export type Scores = Omit<PairTrend, 'visits'>;

/** The rewards of some pairs over steps. Of each step it reads only these pairs, if all steps have the same pairs. */
export async function scoresOf(keys: readonly string[], steps: ReadonlyMap<number, RewardColumns>): Promise<Scores[]> {
  const missing = (): Float64Array => new Float64Array(steps.size).fill(Number.NaN);
  const scores = keys.map(() => ({
    steps: [...steps.keys()],
    margins: missing(),
    chosen: missing(),
    rejected: missing(),
  }));
  let places: readonly (number | null)[] = keys.map(() => null);
  for (const [i, columns] of [...steps.values()].entries()) {
    places = await placesIn(columns, keys, places);
    const there = places.flatMap((place, pair) => (place === null ? [] : [{ place, pair }]));
    const picked = await columns.pick(
      there.map(({ place }) => place),
      ['margin', 'chosen.reward', 'rejected.reward'],
    );
    for (const [n, { pair }] of there.entries()) {
      const of = at(scores, pair);
      for (const [c, name] of (['margins', 'chosen', 'rejected'] as const).entries())
        of[name][i] = at(at(picked.columns, c), n);
    }
  }
  return scores;
}

/** Where a step has some pairs: mostly where the step before has them. Null: it does not have the pair. */
async function placesIn(
  columns: RewardColumns,
  keys: readonly string[],
  guesses: readonly (number | null)[],
): Promise<(number | null)[]> {
  const tried = guesses.flatMap((place) => (place !== null && place < columns.count ? [place] : []));
  const { keys: found } = await columns.pick(tried, []);
  const there = new Map(tried.map((place, i) => [place, found.textAt(i)]));
  if (guesses.every((place, i) => place !== null && there.get(place) === keys[i])) return [...guesses];
  const all = await columns.keys();
  return keys.map((key) => all.find(...halvesOf(key)));
}
