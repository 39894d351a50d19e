import { ruleOfShape } from '../../pairs/formats/ruleOfShape';
import type { Overview } from '../../protocol/pairEditor';
import type { DocumentComparison } from '../compare/documentComparison';
import type { DocumentWindows } from './otherWindows';
import type { FileFindings } from '../../editor/fileFindings';
import type { ViewRewards } from './node/viewRewards';
import type { PairDocument } from './pairDocument';
import type { RowScan } from '../../editor/rowScan';
import type { ViewSearch } from '../../editor/viewSearch';

/** The view gets at most this many findings, because nobody reads more. */
const maxFindings = 30;

/** What a view shows of its file. */
export interface OverviewParts {
  readonly document: PairDocument;
  readonly scan: RowScan;
  readonly findings: FileFindings;
  readonly search: ViewSearch;
  readonly rewards: ViewRewards;
  readonly comparison: DocumentComparison;
  readonly windows: DocumentWindows;
  readonly listRevision: number;
}

/** The overview of a view. A file that does not hold rows has no overview. */
export function overviewOf(parts: OverviewParts): Overview {
  const { document, scan, findings, search, rewards, comparison, windows, listRevision } = parts;
  const { lines, otherKind, reading, copy, unit } = document;
  const hasRows = otherKind === null;
  const { lists } = findings;
  return {
    otherKind,
    readOnly: copy?.state ?? null,
    unit,
    revision: lines.revision,
    listRevision,
    order: search.order,
    rows: hasRows ? lines.rowCount : 0,
    shown: hasRows ? search.shown.length : 0,
    searched: hasRows ? search.progress : null,
    indexing: lines.isIndexing && scan.error === null,
    progress: hasRows ? scan.progress : null,
    problemRows: scan.facts.problemRows + findings.relatedOnly,
    shape: scan.shape,
    lists: lists && { rule: reading.rule ?? ruleOfShape(scan.shape), counts: lists.counts },
    error: scan.error?.message ?? null,
    // The view has controls for the pair rule, with its counts.
    findings: findings.findings.filter(({ code }) => code !== 'pair-rule').slice(0, maxFindings),
    editedElsewhere: windows.others.dirty > 0,
    comparison: comparison.overview,
    ...rewards.overview,
  };
}
