import { eachRow } from '../editor/eachRow';
import { detailOf, type RowContext, summaryOf } from '../editor/rowView';
import type { ShownRows } from '../editor/shownRows';
import { type CellFacts, cellOf } from '../pairs/listColumns/cells';
import { ruleOfShape } from '../pairs/formats/ruleOfShape';
import { nothingIgnored } from '../pairs/rowReport';
import type { Overview, RowDetail, RowSummary } from '../protocol/pairEditor';
import type { ViewSearch } from '../editor/viewSearch';
import type { OpenFile } from './openFile';

/** A page has at most this many rows. */
const maxPage = 200;
/** The view gets at most this many findings, because nobody reads more. */
const maxFindings = 30;

const noRewards = (): readonly never[] => [];
const noFacts: CellFacts = { mark: null, tokens: null, suspect: null, scored: () => null };

/** The rows of a page of the list. @param columns ids of further columns, see `listColumn` */
export function summariesOf(
  open: OpenFile,
  shown: ShownRows,
  from: number,
  count: number,
  columns: readonly string[],
): Promise<RowSummary[]> {
  return eachRow(shown.page(from, Math.min(count, maxPage)), open.document.lines, (row, line) =>
    summaryOf(line, contextOf(open, row), noRewards, (queried) => columns.map((id) => cellOf(id, queried, noFacts))),
  );
}

export async function rowDetail(open: OpenFile, row: number): Promise<RowDetail> {
  const { lines } = open.document;
  const [line = ''] = await lines.lines(row, 1);
  const detail = detailOf(line, contextOf(open, row), lines.revision, noRewards);
  // Rules are ignored in a marks file and in settings, which the desktop writes.
  const problems = detail.problems.map((problem) => ({ ...problem, canIgnore: false, canIgnoreRow: false }));
  return { ...detail, problems };
}

function contextOf({ document, findings }: OpenFile, row: number): RowContext {
  const { lines, reading } = document;
  return {
    row,
    reading,
    edited: row < lines.rowCount && lines.isEdited(row),
    related: findings.related(row),
    ignoredRelated: [],
    ignoredIn: nothingIgnored,
    mark: null,
    change: [],
  };
}

/** What a view shows of its file. */
export function browserOverview(open: OpenFile, search: ViewSearch, listRevision: number): Overview {
  const { document, scan, findings } = open;
  const { lines, otherKind, reading, readOnly, notice } = document;
  const hasRows = otherKind === null;
  const { lists } = findings;
  return {
    otherKind,
    readOnly: readOnly === null ? null : { reason: readOnly, reading: 'done' },
    unit: lines.saved.unit,
    revision: lines.revision,
    listRevision,
    order: search.order,
    rows: hasRows ? lines.rowCount : 0,
    shown: hasRows ? search.shown.length : 0,
    searched: hasRows ? search.progress : null,
    indexing: false,
    progress: hasRows ? scan.progress : null,
    problemRows: scan.facts.problemRows + findings.relatedOnly,
    shape: scan.shape,
    lists: lists && { rule: reading.rule ?? ruleOfShape(scan.shape), counts: lists.counts },
    error: scan.error?.message ?? null,
    // The view has controls for the pair rule, with its counts.
    findings: findings.findings.filter(({ code }) => code !== 'pair-rule').slice(0, maxFindings),
    notice,
    editedElsewhere: false,
    comparison: null,
    rewards: null,
    before: null,
    rewardChoices: [],
    widest: 0,
  };
}
