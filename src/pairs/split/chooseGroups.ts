import { at } from '../../base/pure/must';

/** Rows that must be on one side. */
export interface SplitGroup {
  /** From 0 to 1: groups are held out in this order. */
  readonly place: number;
  /** The rows of each stratum, by its number. */
  readonly strata: ReadonlyMap<number, number>;
}

/**
 * The groups to hold out. Each stratum gets its share of the rows to hold out, rounded so that the sum is right. The
 * groups are taken by their place; one that is too large for what is left of its strata is passed over. So no stratum
 * gets more than its share, and it gets less only if the remaining groups are too large.
 *
 * @param wanted rows to hold out
 * @returns the indexes of the groups, in the order of their places
 */
export function chooseGroups(groups: readonly SplitGroup[], wanted: number): number[] {
  const left = quotas(groups, wanted);
  const order = [...groups.keys()].sort((a, b) => at(groups, a).place - at(groups, b).place || a - b);
  return order.filter((index) => {
    const strata = [...at(groups, index).strata];
    if (strata.some(([stratum, rows]) => rows > at(left, stratum))) return false;
    for (const [stratum, rows] of strata) left[stratum] = at(left, stratum) - rows;
    return true;
  });
}

/**
 * The rows of each stratum to hold out: its exact share, rounded down, and one more for the strata that rounding cut
 * most.
 */
function quotas(groups: readonly SplitGroup[], wanted: number): number[] {
  const rows: number[] = [];
  for (const { strata } of groups) for (const [stratum, count] of strata) rows[stratum] = (rows[stratum] ?? 0) + count;
  const total = rows.reduce((sum, count) => sum + count, 0);
  const exact = rows.map((count) => (total === 0 ? 0 : (count * wanted) / total));
  const quota = exact.map(Math.floor);
  const missing = Math.round(wanted - quota.reduce((sum, count) => sum + count, 0));
  const byRest = [...exact.keys()].sort((a, b) => at(exact, b) - at(quota, b) - (at(exact, a) - at(quota, a)) || a - b);
  for (const stratum of byRest.slice(0, missing)) quota[stratum] = at(quota, stratum) + 1;
  return quota;
}
