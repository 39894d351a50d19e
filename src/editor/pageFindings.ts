import { at } from '../base/pure/must';
import { FileCheck, type FileFinding } from '../pairs/fileCheck';
import type { ListCounts } from '../pairs/listTally';
import type { IgnoredProblem } from '../pairs/marks/ignore';
import type { Problem } from '../pairs/problem';
import type { RuleLevels } from '../pairs/rules/levels';
import type { CheckedPage } from './checkQueue';
import type { CheckedRows } from './checkedRows';

/** Most rows of the Problems panel; a note gives the number of the others. */
const maxListed = 1000;
/** The most rows for which a duplicate or contradiction is kept. */
const maxRelated = 10_000;

/** A problem with its line in the text of the row, from 0; its column counts in this line. */
export interface ListedProblem extends Problem {
  readonly line: number;
}

/** The problems of one row, without those that are listed once for the whole file. */
export interface ListedRow {
  readonly row: number;
  /** Characters of its first line. */
  readonly length: number;
  readonly problems: readonly ListedProblem[];
}

/** What the check of a file found. */
export interface Found {
  readonly findings: readonly FileFinding[];
  readonly listed: readonly ListedRow[];
  /** Number of rows with problems that are not listed. */
  readonly more: number;
  /** Duplicates and contradictions by row: problems that only the whole file shows. */
  readonly related: ReadonlyMap<number, readonly Problem[]>;
  /** Those of them whose rule is ignored in the row. */
  readonly ignored: ReadonlyMap<number, readonly IgnoredProblem[]>;
  /** Number of rows whose only problems are those. */
  readonly relatedOnly: number;
  /** Null if the file has no lists of answers. */
  readonly lists: ListCounts | null;
}

/** Before the first check. */
export const nothing: Found = {
  findings: [],
  listed: [],
  more: 0,
  related: new Map(),
  ignored: new Map(),
  relatedOnly: 0,
  lists: null,
};

/** Collects the findings of a file from the pages of its rows, in order. */
export class PageFindings {
  private readonly check: FileCheck;
  private readonly listed: ListedRow[] = [];
  private readonly related = new Map<number, readonly Problem[]>();
  private readonly ignored = new Map<number, readonly IgnoredProblem[]>();
  private more = 0;
  private relatedOnly = 0;
  /** The next row. */
  next = 0;

  constructor(unit: 'line' | 'row', levels: RuleLevels) {
    this.check = new FileCheck(unit, levels, (line, problems) => {
      const ofFile = problems.filter(isRelated);
      if (ofFile.length > 0 && this.ignored.size < maxRelated) this.ignored.set(line - 1, ofFile);
    });
  }

  get hasLists(): boolean {
    return this.check.listCounts !== null;
  }

  /** @param expected number of rows of the file */
  add({ from, rows }: CheckedPage, expected: number): void {
    if (from === 0) this.check.expect(expected);
    this.next += rows.lengths.length;
    this.check.addBatch(from + 1, rows.reports, (line, problems) => this.take(line - 1, problems, rows, from));
  }

  private take(row: number, problems: readonly Problem[], rows: CheckedRows, from: number): void {
    if (this.listed.length < maxListed) this.listed.push(listedRow(row, problems, rows, row - from));
    else this.more++;
    const ofRow = problems.filter(isRelated);
    if (ofRow.length === 0 || this.related.size >= maxRelated) return;
    this.related.set(row, ofRow);
    if (ofRow.length === problems.length) this.relatedOnly++;
  }

  /** Call this after the last page. */
  found(): Found {
    const { check, listed, more, related, ignored, relatedOnly } = this;
    return { findings: check.finish(), listed, more, related, ignored, relatedOnly, lists: check.listCounts };
  }
}

/** Whether only the whole file shows a problem. */
function isRelated({ code }: Problem): boolean {
  return code === 'duplicate' || code === 'contradiction';
}

function listedRow(row: number, problems: readonly Problem[], rows: CheckedRows, index: number): ListedRow {
  const [, line, column] = rows.places.find(([place]) => place === index) ?? [index, 1, null];
  const placed = problems.map((problem): ListedProblem =>
    problem.column === null ? { ...problem, line: 0 } : { ...problem, line: line - 1, column },
  );
  return { row, length: at(rows.lengths, index), problems: placed };
}
