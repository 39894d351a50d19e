import type { PageSearch } from '../../jsonl/node/search/pageSearch';
import { parseQuery } from '../../pairs/query/parseQuery';
import { parseSort } from '../../pairs/query/parseSort';
import { planOf } from '../../pairs/query/queryPlan';
import type { View } from '../../protocol/pairEditor';
import type { DocumentComparison } from '../compare/documentComparison';
import type { LastCommit } from '../compare/lastCommit';
import type { IgnoredProblems } from '../review/ignoredProblems';
import type { DocumentMarks } from '../review/documentMarks';
import type { RowTokenizer } from '../tokens/rowTokenizer';
import type { DocumentWindows } from './otherWindows';
import type { FileFindings } from '../../editor/fileFindings';
import type { NumberColumn } from './numberColumn';
import type { ViewRewards } from './node/viewRewards';
import { wordsOf } from './pageWork';
import type { PairDocument } from './pairDocument';
import type { RowColumns } from '../../editor/rowColumns';
import type { RowScan } from '../../editor/rowScan';
import type { SearchedRows } from '../../editor/rowSearch';
import type { ViewFacts } from '../../editor/rowSource';

/** What the views of an open document share. */
export interface OpenParts {
  readonly document: PairDocument;
  readonly scan: RowScan;
  readonly findings: FileFindings;
  readonly marks: DocumentMarks;
  readonly ignored: IgnoredProblems;
  readonly columns: RowColumns;
  readonly comparison: DocumentComparison;
  readonly tokens: RowTokenizer;
  readonly lastCommit: LastCommit;
  readonly windows: DocumentWindows;
}

/** Where the facts about the rows of a view come from. */
interface FactParts extends OpenParts {
  readonly rewards: ViewRewards;
  readonly margins: NumberColumn;
}

/** What the filters and sort orders of a view read. */
export function searchedRows(parts: FactParts, pages: PageSearch): SearchedRows {
  const { document, scan, columns, rewards, marks, comparison } = parts;
  const known = (): ReturnType<SearchedRows['known']> => {
    // Rewards and marks are found by the keys of rows, which are computed only for them.
    if (rewards.areLoaded || marks.book.size > 0) scan.wantKeys();
    return scan.known;
  };
  const changesKnown = (): boolean => comparison.isSettled;
  const { lines } = document;
  return { lines, words: wordsOf(lines, pages), columns, facts: viewFacts(parts), known, changesKnown };
}

function viewFacts(parts: FactParts): ViewFacts {
  const { document, scan, findings, rewards, margins, marks, comparison, lastCommit } = parts;
  return {
    problemsAt: (row) => scan.facts.problemsAt(row) + findings.related(row).length,
    relatedAt: (row) => findings.related(row),
    ignoredRelatedAt: (row) => findings.ignoredRelated(row),
    marginAt: (row) => margins.at(row),
    numberAt: (row, name) => rewards.numberOf(() => scan.identityAt(row), name),
    labelsAt: (row, label) => rewards.textsOf(() => scan.identityAt(row), label),
    rewardAt: (row, side) => rewards.rewardOf(() => scan.identityAt(row), side),
    verdictsAt: (row) => rewards.verdictsOf(() => scan.identityAt(row)),
    isEdited: (row) => document.lines.isEdited(row),
    markAt: (row) => marks.markAt(row),
    committedAt: () => lastCommit.time,
    changesAt: (row) => comparison.kindsOf(row),
  };
}

/**
 * Starts the work that a search needs: a comparison, if the filter asks for changes; reading the time of the last
 * commit, if it asks for what was reviewed since then.
 *
 * @throws BadQuery if the filter or the sort order of a view cannot be read; errors of {@link LastCommit.read}
 */
export async function prepareView({ filter, sort }: View, { comparison, lastCommit }: OpenParts): Promise<void> {
  const condition = parseQuery(filter);
  if (sort !== 'row') parseSort(sort);
  const { dependsOnChanges, dependsOnCommit } = planOf(condition);
  comparison.wanted(dependsOnChanges);
  if (dependsOnCommit) await lastCommit.read();
}
