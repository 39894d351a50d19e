import { factsOf } from '../../src/pairs/query/queryFacts';
import { parseQuery, queryErrorOf } from '../../src/pairs/query/parseQuery';
import { needsRewards } from '../../src/pairs/query/rewardFields';
import type { Overview } from '../../src/protocol/pairEditor';
import { button } from '../shared/controls';
import { h } from '../shared/dom';
import { strings } from './strings';

export interface EmptyPaneOptions {
  /** The filter that shows no row. */
  readonly filter: string;
  readonly openText: () => void;
  readonly showAll: () => void;
  readonly insert: () => void;
}

/** Replaces the pair when the list has no row to show: the reason, and what to do. */
export function emptyPane(overview: Overview, { filter, openText, showAll, insert }: EmptyPaneOptions): HTMLElement[] {
  const { otherKind, readOnly, error, rows, indexing, searched } = overview;
  if (otherKind !== null)
    return [h('p', {}, otherKind), button({ label: strings.openText, icon: 'go-to-file', onClick: openText })];
  if (searched !== null) return [h('p', {}, strings.searching)];
  if (rows > 0)
    return [h('p', {}, nothingShown(overview, filter)), button({ label: strings.allRows, onClick: showAll })];
  if (indexing) return [h('p', {}, strings.readingFile)];
  if (error !== null) return [h('p', {}, strings.unreadable)];
  if (readOnly !== null) return [h('p', {}, strings.empty)];
  return [
    h('p', {}, strings.empty),
    button({ label: strings.insertFirst, icon: 'add', primary: true, onClick: insert }),
  ];
}

/** Rewards that are not shown have no margins, which a filter may ask for. */
function nothingShown({ rewards, rewardChoices }: Overview, filter: string): string {
  if (rewards !== null || !asksForRewards(filter)) return strings.nothingShown;
  return rewardChoices.length === 0 ? strings.noRewards : strings.noRewardsChosen;
}

function asksForRewards(filter: string): boolean {
  return queryErrorOf(filter) === null && factsOf(parseQuery(filter)).facts.some(({ field }) => needsRewards(field));
}
