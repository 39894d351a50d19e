import { detailOf, type RowContext, summaryOf } from '../../editor/rowView';
import type { RowDetail, RowSummary } from '../../protocol/pairEditor';
import { type Cell, cellOf } from '../../pairs/listColumns/cells';
import { rowPaths } from '../../pairs/listColumns/rowPaths';
import type { QueriedRow } from '../../pairs/query/queriedRow';
import { readRow } from '../../pairs/readRow';
import { changeOf } from '../compare/compareHandlers';
import { worstOf } from '../../pairs/suspects/suspectBook';
import { eachRow } from '../../editor/eachRow';
import type { ViewRewards } from './node/viewRewards';
import type { ShownRows } from '../../editor/shownRows';
import type { OpenParts } from './viewFacts';

/** A page has at most this many rows. */
const maxPage = 200;
/** Rows whose keys are offered as columns. */
const offeredRows = 50;

/** Reads the rows of a document as a view shows them. */
export class RowPages {
  constructor(
    private readonly open: OpenParts,
    private readonly rewards: ViewRewards,
  ) {}

  /** @param columns ids of further columns, see `listColumn` */
  async page(shown: ShownRows, from: number, count: number, columns: readonly string[]): Promise<RowSummary[]> {
    await this.rewards.prepareColumns(columns);
    const summary = (row: number, line: string): RowSummary => {
      const cells = (queried: QueriedRow): Cell[] => this.cells(row, queried, columns);
      return summaryOf(line, this.placeOf(row), this.rewards.ofRow, cells);
    };
    return eachRow(shown.page(from, Math.min(count, maxPage)), this.open.document.lines, summary);
  }

  async detail(row: number): Promise<{ readonly line: string; readonly detail: RowDetail }> {
    const { document, comparison } = this.open;
    const [line = ''] = await document.lines.lines(row, 1);
    const detail = detailOf(line, this.placeOf(row), document.lines.revision, this.rewards.ofRow);
    const suspect = worstOf(this.rewards.verdictsOn(readRow(line, document.reading)));
    return { line, detail: { ...detail, suspect, change: await changeOf(document, comparison, row, line) } };
  }

  /** The keys of the first rows, as columns. */
  async paths(): Promise<readonly string[]> {
    const { lines, reading } = this.open.document;
    const texts = await lines.lines(0, Math.min(offeredRows, lines.rowCount));
    const rows = texts.map((text) => readRow(text, reading));
    return rowPaths(rows.map((result) => ('value' in result ? result.value : null)));
  }

  private cells(row: number, queried: QueriedRow, columns: readonly string[]): Cell[] {
    const { marks, columns: stored, scan } = this.open;
    const suspect = worstOf(this.rewards.verdictsOf(() => scan.identityAt(row)));
    const facts = { mark: marks.markAt(row), tokens: stored.tokensAt(row), suspect, scored: this.scored(row) };
    return columns.map((id) => cellOf(id, queried, facts));
  }

  private scored(row: number): (id: string) => Cell {
    return (id) => this.rewards.cellOf(() => this.open.scan.identityAt(row), id);
  }

  private placeOf(row: number): RowContext {
    const { document, comparison, findings, marks } = this.open;
    const { lines, reading } = document;
    const edited = row < lines.rowCount && lines.isEdited(row);
    const change = comparison.kindsOf(row);
    const [related, ignoredRelated] = [findings.related(row), findings.ignoredRelated(row)];
    const { ignoredIn } = marks;
    return { row, reading, edited, related, ignoredRelated, ignoredIn, mark: marks.markAt(row), change };
  }
}
