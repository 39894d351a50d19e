import type { PageSearch } from '../../jsonl/node/search/pageSearch';
import { parseQuery } from '../../pairs/query/parseQuery';
import { parseSort } from '../../pairs/query/parseSort';
import type { View } from '../../protocol/pairEditor';
import type { DocumentMarks } from '../review/documentMarks';
import type { FileFindings } from './fileFindings';
import type { NumberColumn } from './numberColumn';
import type { ViewRewards } from './node/viewRewards';
import type { PairDocument } from './pairDocument';
import type { RowColumns } from './rowColumns';
import type { RowScan } from './rowScan';
import type { SearchedRows } from './rowSearch';
import type { ViewFacts } from './rowSource';

/** Where the facts about the rows of a view come from. */
interface FactParts {
  readonly document: PairDocument;
  readonly scan: RowScan;
  readonly findings: FileFindings;
  readonly rewards: ViewRewards;
  readonly margins: NumberColumn;
  readonly marks: DocumentMarks;
  readonly columns: RowColumns;
}

/** What the filters and sort orders of a view read. */
export function searchedRows(parts: FactParts, pages: PageSearch): SearchedRows {
  const { document, scan, columns, rewards, marks } = parts;
  const known = (): ReturnType<SearchedRows['known']> => {
    // Rewards and marks are found by the keys of rows, which are computed only for them.
    if (rewards.areLoaded || marks.book.size > 0) scan.wantKeys();
    return scan.known;
  };
  return { lines: document.lines, pages, columns, facts: viewFacts(parts), known };
}

function viewFacts({ document, scan, findings, rewards, margins, marks }: FactParts): ViewFacts {
  return {
    problemsAt: (row) => scan.facts.problemsAt(row) + findings.related(row).length,
    relatedAt: (row) => findings.related(row),
    marginAt: (row) => margins.at(row),
    rewardAt: (row, side) => rewards.rewardOf(() => scan.identityAt(row), side),
    isEdited: (row) => document.lines.isEdited(row),
    markAt: (row) => marks.markAt(row),
  };
}

/** @throws BadQuery if the filter or the sort order of a view cannot be read */
export function refuseUnreadable({ filter, sort }: View): void {
  parseQuery(filter);
  if (sort !== 'row') parseSort(sort);
}
