import type { QueriedRow } from '../../../pairs/query/queriedRow';
import type { PairResult } from '../../../pairs/readPair';
import { searchable } from '../../search/searchable';

/** A row as a query looks at it. */
export function asQueried(text: string, result: PairResult): QueriedRow {
  return { text, result, searchable: () => searchable(text) };
}
