import { FileFindings } from '../editor/fileFindings';
import { RowColumns } from '../editor/rowColumns';
import { RowScan } from '../editor/rowScan';
import type { SearchedRows } from '../editor/rowSearch';
import type { BrowserDocument } from './browserDocument';
import { checksOf, columnsOf, wordsOf } from './memoryRows';

/** What the views of an open file share. */
export interface OpenFile {
  readonly document: BrowserDocument;
  readonly scan: RowScan;
  readonly findings: FileFindings;
  readonly columns: RowColumns;
  /** What filters and sort orders read. */
  readonly searched: SearchedRows;
  close(): void;
}

/** @param checked called when rows or the file were checked */
export function openFile(document: BrowserDocument, checked: (all: boolean) => void): OpenFile {
  const { lines } = document;
  const reading = (): BrowserDocument['reading'] => document.reading;
  const checks = checksOf(lines);
  const findings = new FileFindings(lines, reading, checks, () => checked(true));
  const scanned = (): void => {
    if (scan.isComplete) findings.soon();
    checked(false);
  };
  const scan = new RowScan(lines, reading, checks, (page) => findings.feed(page), scanned);
  const columns = new RowColumns(lines, reading, columnsOf(lines));
  const nothing = (): null => null;
  const none = (): readonly never[] => [];
  const facts: SearchedRows['facts'] = {
    problemsAt: (row) => scan.facts.problemsAt(row) + findings.related(row).length,
    relatedAt: (row) => findings.related(row),
    isEdited: (row) => lines.isEdited(row),
    // What the browser does not know; `refuseUnknown` refuses filters on it.
    ignoredRelatedAt: none,
    marginAt: nothing,
    rewardAt: nothing,
    numberAt: nothing,
    labelsAt: none,
    verdictsAt: none,
    markAt: nothing,
    committedAt: nothing,
    changesAt: none,
  };
  const searched = { lines, words: wordsOf(lines), columns, facts, known: () => scan.known, changesKnown: () => true };
  const close = (): void => {
    scan.close();
    findings.close();
    columns.close();
  };
  return { document, scan, findings, columns, searched, close };
}
