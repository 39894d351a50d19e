import type { QueriedRow } from '../../../pairs/query/queriedRow';
import { languageOf } from '../languages/languageOf';
import { ignoredIn } from '../marks/ignoredIn';
import type { PairResult } from '../../../pairs/readPair';
import type { Reading } from '../../../pairs/reading';
import { searchable } from '../../search/searchable';

/** A row in the form that queries read. */
export function asQueried(
  text: string,
  result: PairResult,
  { levels, ignored }: Pick<Reading, 'levels' | 'ignored'>,
): QueriedRow {
  return {
    text,
    result,
    levels,
    ignoredIn: (row) => ignoredIn(row, ignored),
    searchable: () => searchable(text),
    languageOf,
  };
}
