import type { LinesDocument } from '../../jsonl/node/document';
import { parseQuery } from '../../pairs/query/parseQuery';
import { parseSort } from '../../pairs/query/parseSort';
import type { View } from '../../protocol/pairEditor';
import type { FileFindings } from './fileFindings';
import type { ViewRewards } from './node/viewRewards';
import type { RowScan } from './rowScan';
import type { ViewFacts } from './rowSource';

/** Where the facts about the rows of a view come from. */
export interface FactParts {
  readonly lines: LinesDocument;
  readonly scan: RowScan;
  readonly findings: FileFindings;
  readonly rewards: ViewRewards;
  readonly marginAt: (row: number) => number | null;
}

export function viewFacts({ lines, scan, findings, rewards, marginAt }: FactParts): ViewFacts {
  return {
    problemsAt: (row) => scan.facts.problemsAt(row) + findings.related(row).length,
    relatedAt: (row) => findings.related(row),
    marginAt,
    rewardAt: (row, side) => rewards.rewardOf(() => scan.identityAt(row), side),
    isEdited: (row) => lines.isEdited(row),
  };
}

/** @throws BadQuery if the filter or the sort order of a view cannot be read */
export function refuseUnreadable({ filter, sort }: View): void {
  parseQuery(filter);
  if (sort !== 'row') parseSort(sort);
}
