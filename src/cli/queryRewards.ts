import type { Condition } from '../pairs/query/condition';
import { factsOf, factsOfSort } from '../pairs/query/queryFacts';
import type { SortKey } from '../pairs/query/sortKey';
import type { ScoredPairs } from '../run/pairNumbers/scoredPairs';
import { readRewards, rewardsFile } from './rewardsOption';

/** Reads the rewards that a query and its order ask for. Errors as {@link rewardsFile} and {@link readRewards}. */
export async function rewardsFor(
  condition: Condition,
  sort: SortKey | null,
  { run, before, cwd }: { readonly run: string; readonly before: string | null; readonly cwd: string },
): Promise<ScoredPairs> {
  const other = before === null ? null : await rewardsFile(before, cwd);
  const rewards = await readRewards(await rewardsFile(run, cwd), other);
  await rewards.prepareFor([...factsOf(condition).facts, ...(sort ? factsOfSort(sort) : [])]);
  return rewards;
}
