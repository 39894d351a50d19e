import type { ShownNumber } from '../../../src/pairs/fileNumber';
import { type PairNumber, pairNumbers } from '../../../src/pairs/pairNumber';
import type { PairsPage, PairsQuery } from '../../../src/protocol/runPanel';

/** Margins before the start of a run that starts as its reference are 0, and say nothing. */
const meaningless: ReadonlySet<PairNumber> = new Set<PairNumber>(['before', 'delta', 'rankDelta']);

/**
 * The numbers that the rows of a page have, and the columns of the dataset that were asked for.
 *
 * @param isBesideStart whether margins are compared with the start of a run that starts as its reference
 */
export function knownNumbers(
  { rows }: PairsPage,
  { columns }: PairsQuery,
  isBesideStart: boolean,
): ReadonlySet<ShownNumber> {
  const isKnown = (name: PairNumber): boolean =>
    !(isBesideStart && meaningless.has(name)) && rows.some((row) => row[name] !== null);
  return new Set<ShownNumber>([...pairNumbers.filter(isKnown), ...columns]);
}

/** The largest margin on either side, at least a little. */
export function widestOf({ histogram, rows }: PairsPage, isOfMargins: boolean): number {
  const edges = isOfMargins ? histogram.edges : [];
  return [...edges, ...rows.map(({ margin }) => margin)].reduce((most, edge) => Math.max(most, Math.abs(edge)), 1e-9);
}
