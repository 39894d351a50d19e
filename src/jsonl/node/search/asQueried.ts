import type { QueriedRow } from '../../../pairs/query/queriedRow';
import type { PairResult } from '../../../pairs/readPair';
import type { RuleLevels } from '../../../pairs/rules/levels';
import { searchable } from '../../search/searchable';

/** A row as a query looks at it. */
export function asQueried(text: string, result: PairResult, levels: RuleLevels): QueriedRow {
  return { text, result, levels, searchable: () => searchable(text) };
}
