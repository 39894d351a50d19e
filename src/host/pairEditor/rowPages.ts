import { detailOf, type RowContext, summaryOf } from './rowView';
import type { RowDetail, RowSummary } from '../../protocol/pairEditor';
import { changeOf } from '../compare/compareHandlers';
import type { DocumentComparison } from '../compare/documentComparison';
import type { DocumentMarks } from '../review/documentMarks';
import { eachRow } from './eachRow';
import type { FileFindings } from './fileFindings';
import type { ViewRewards } from './node/viewRewards';
import type { PairDocument } from './pairDocument';
import type { ShownRows } from './shownRows';

/** A page has at most this many rows. */
const maxPage = 200;

/** Reads the rows of a document as a view shows them. */
export class RowPages {
  constructor(
    private readonly document: PairDocument,
    private readonly findings: FileFindings,
    private readonly marks: DocumentMarks,
    private readonly rewards: ViewRewards,
    private readonly comparison: DocumentComparison,
  ) {}

  page(shown: ShownRows, from: number, count: number): Promise<RowSummary[]> {
    const summary = (row: number, line: string): RowSummary => summaryOf(line, this.placeOf(row), this.rewards.ofRow);
    return eachRow(shown.page(from, Math.min(count, maxPage)), this.document.lines, summary);
  }

  async detail(row: number): Promise<{ readonly line: string; readonly detail: RowDetail }> {
    const { lines } = this.document;
    const [line = ''] = await lines.lines(row, 1);
    const detail = detailOf(line, this.placeOf(row), lines.revision, this.rewards.ofRow);
    return { line, detail: { ...detail, change: await changeOf(this.document, this.comparison, row, line) } };
  }

  private placeOf(row: number): RowContext {
    const { lines, reading } = this.document;
    const edited = row < lines.rowCount && lines.isEdited(row);
    const change = this.comparison.kindsOf(row);
    return { row, reading, edited, related: this.findings.related(row), mark: this.marks.markAt(row), change };
  }
}
