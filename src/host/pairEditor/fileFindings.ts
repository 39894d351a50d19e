import { at } from '../../base/pure/must';
import type { LinesDocument } from '../../jsonl/node/document';
import { type Edit, rowAfter } from '../../pairs/edits';
import { FileCheck, type FileFinding } from '../../pairs/fileCheck';
import type { ListCounts } from '../../pairs/listTally';
import type { Problem } from '../../pairs/problem';
import type { Reading } from '../../pairs/reading';
import type { RuleLevels } from '../../pairs/rules/levels';
import { type CheckedPage, CheckQueue } from './checkQueue';
import type { CheckedRows, RowChecker } from './rowChecker';

/** Shortest wait between an edit and the next check of the file. */
const settleMs = 500;
/** The wait is at least this many times the last check's duration: a large file must not keep the host busy. */
const restFactor = 10;
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

interface Found {
  readonly findings: readonly FileFinding[];
  readonly listed: readonly ListedRow[];
  /** Number of rows with problems that are not listed. */
  readonly more: number;
  /** Duplicates and contradictions by row: problems that only the whole file shows. */
  readonly related: ReadonlyMap<number, readonly Problem[]>;
  /** Number of rows whose only problems are those. */
  readonly relatedOnly: number;
  /** Null if the file has no lists of answers. */
  readonly lists: ListCounts | null;
}

const nothing: Found = { findings: [], listed: [], more: 0, related: new Map(), relatedOnly: 0, lists: null };

/**
 * Problems that only the whole file shows, such as duplicates. The file is checked when all of its rows are known, and
 * again some time after an edit.
 */
export class FileFindings {
  private found = nothing;
  /** What a scan of all rows has found so far; null after an edit. */
  private fed: PageFindings | null;
  /** The revision of the last check that was started. */
  private seen = -1;
  private tookMs = 0;
  /** Whether lists were found before the file was checked again from the start. */
  private hadLists = false;
  private timer: NodeJS.Timeout | null = null;
  private stopped = new AbortController();
  private readonly stop: () => void;

  constructor(
    private readonly lines: LinesDocument,
    private readonly reading: () => Reading,
    private readonly checker: RowChecker,
    private readonly changed: () => void,
  ) {
    this.fed = new PageFindings(lines.saved.unit, reading().levels);
    this.stop = lines.onDidChange((change) => {
      if (change.kind === 'edited') {
        this.fed = null;
        this.follow(change.edit);
      }
      if (change.kind === 'reverted') this.begin();
    });
  }

  /** Whether the file was checked at least once. */
  get areKnown(): boolean {
    return this.found !== nothing;
  }

  get findings(): readonly FileFinding[] {
    return this.found.findings;
  }

  get listed(): readonly ListedRow[] {
    return this.found.listed;
  }

  get more(): number {
    return this.found.more;
  }

  /** Number of rows whose only problem is that they repeat or contradict an earlier row. */
  get relatedOnly(): number {
    return this.found.relatedOnly;
  }

  /** The counts of lists: null while they are counted. Null if the file, as far as it is known, has no lists. */
  get lists(): { readonly counts: ListCounts | null } | null {
    const { found, fed } = this;
    if (this.areKnown) return found.lists && { counts: found.lists };
    return this.hadLists || fed?.hasLists ? { counts: null } : null;
  }

  /** Problems of a row that repeats or contradicts an earlier one. */
  related(row: number): readonly Problem[] {
    const problems = this.found.related.get(row);
    return problems === undefined ? [] : problems;
  }

  /** Takes rows that were checked for another purpose, so they are not checked again. */
  feed(page: CheckedPage): void {
    if (this.fed?.next === page.from) this.fed.add(page, this.lines.rowCount);
    else this.fed = null;
  }

  /** Called when all rows are known: checks them if they have changed since the last check. */
  soon(): void {
    if (this.lines.revision === this.seen) return;
    if (this.fed?.next === this.lines.rowCount) {
      this.seen = this.lines.revision;
      this.found = this.fed.found();
      this.fed = null;
      return this.changed();
    }
    if (this.timer) clearTimeout(this.timer);
    const wait = this.seen < 0 ? 0 : Math.max(settleMs, restFactor * this.tookMs);
    // The editor shows why a file cannot be read to its end.
    this.timer = setTimeout(() => this.look().catch(() => undefined), wait);
  }

  /** Forgets the findings, because the rows are read in another way. {@link soon} checks them again. */
  forget(): void {
    this.stopped.abort();
    this.begin();
    this.seen = -1;
  }

  close(): void {
    this.stop();
    this.stopped.abort();
    if (this.timer) clearTimeout(this.timer);
  }

  private begin(): void {
    this.hadLists = this.lists !== null;
    this.fed = new PageFindings(this.lines.saved.unit, this.reading().levels);
    this.found = nothing;
  }

  private async look(): Promise<void> {
    this.stopped.abort();
    const { signal } = (this.stopped = new AbortController());
    const started = performance.now();
    const revision = (this.seen = this.lines.revision);
    const queue = new CheckQueue(this.lines, () => ({ reading: this.reading(), keys: false }), this.checker);
    const found = await checkFile(
      queue,
      this.lines,
      this.reading(),
      () => this.lines.revision === revision && !signal.aborted,
    );
    if (signal.aborted) return;
    if (!found) {
      this.seen = revision - 1;
      return;
    }
    this.found = found;
    this.tookMs = performance.now() - started;
    this.changed();
  }

  /** Moves the findings along with their rows until the next check. */
  private follow(edit: Edit): void {
    if (edit.op === 'replace') return;
    const { found } = this;
    const moved = <T>(row: number, value: T): [number, T][] => {
      const now = rowAfter(row, edit);
      return now === null ? [] : [[now, value]];
    };
    this.found = {
      ...found,
      listed: found.listed.flatMap((one) => moved(one.row, one).map(([row, rest]) => ({ ...rest, row }))),
      related: new Map([...found.related].flatMap(([row, problems]) => moved(row, problems))),
    };
  }
}

function listedRow(row: number, problems: readonly Problem[], rows: CheckedRows, index: number): ListedRow {
  const [, line, column] = rows.places.find(([place]) => place === index) ?? [index, 1, null];
  const placed = problems.map((problem): ListedProblem =>
    problem.column === null ? { ...problem, line: 0 } : { ...problem, line: line - 1, column },
  );
  return { row, length: at(rows.lengths, index), problems: placed };
}

/** Checks all rows. @returns null if the rows changed during the check */
async function checkFile(
  queue: CheckQueue,
  lines: LinesDocument,
  { levels }: Reading,
  isCurrent: () => boolean,
): Promise<Found | null> {
  const findings = new PageFindings(lines.saved.unit, levels);
  for (let ahead = 0; ;) {
    if (!isCurrent()) return null;
    if (ahead < lines.rowCount && !queue.isFull) {
      ahead += queue.add(ahead);
      continue;
    }
    const page = await queue.next();
    if (!page) return findings.found();
    findings.add(page, lines.rowCount);
  }
}

/** Collects the findings of a file from the pages of its rows, in order. */
class PageFindings {
  private readonly check: FileCheck;
  private readonly listed: ListedRow[] = [];
  private readonly related = new Map<number, readonly Problem[]>();
  private more = 0;
  private relatedOnly = 0;
  /** The next row. */
  next = 0;

  constructor(unit: 'line' | 'row', levels: RuleLevels) {
    this.check = new FileCheck(unit, levels);
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
    const ofRow = problems.filter(({ code }) => code === 'duplicate' || code === 'contradiction');
    if (ofRow.length === 0 || this.related.size >= maxRelated) return;
    this.related.set(row, ofRow);
    if (ofRow.length === problems.length) this.relatedOnly++;
  }

  /** Call this after the last page. */
  found(): Found {
    const { check, listed, more, related, relatedOnly } = this;
    return { findings: check.finish(), listed, more, related, relatedOnly, lists: check.listCounts };
  }
}
