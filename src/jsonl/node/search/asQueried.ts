import type { QueriedRow } from '../../../pairs/query/queriedRow';
import type { PairResult } from '../../../pairs/readPair';
import type { RuleLevels } from '../../../pairs/rules/levels';
import { searchable } from '../../search/searchable';

/** A row in the form that queries read. */
export function asQueried(text: string, result: PairResult, levels: RuleLevels): QueriedRow {
  return { text, result, levels, searchable: () => searchable(text) };
}
