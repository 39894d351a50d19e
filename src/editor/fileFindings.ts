import { type Edit, rowAfter } from '../pairs/edits';
import type { FileFinding } from '../pairs/fileCheck';
import type { IgnoredProblem } from '../pairs/marks/ignore';
import type { ListCounts } from '../pairs/listTally';
import type { Problem } from '../pairs/problem';
import type { Reading } from '../pairs/reading';
import { type CheckedPage, CheckQueue } from './checkQueue';
import { type Found, type ListedRow, nothing, PageFindings } from './pageFindings';
import type { RowChecks } from './checkedRows';
import type { EditorLines } from './editorLines';

/** Shortest wait between an edit and the next check of the file. */
const settleMs = 500;
/** The wait is at least this many times the last check's duration: a large file must not keep the host busy. */
const restFactor = 10;

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
  /** Whether other rules are ignored in rows since then. */
  private isOutdated = false;
  private tookMs = 0;
  /** Whether lists were found before the file was checked again from the start. */
  private hadLists = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private stopped = new AbortController();
  private readonly stop: () => void;

  constructor(
    private readonly lines: EditorLines,
    private readonly reading: () => Reading,
    private readonly checks: RowChecks,
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

  /** Problems of a row that repeats or contradicts an earlier one, if their rule is ignored in the row. */
  ignoredRelated(row: number): readonly IgnoredProblem[] {
    const problems = this.found.ignored.get(row);
    return problems === undefined ? [] : problems;
  }

  /**
   * Called when other rules are ignored in rows, before these rows are checked again. Problems that are ignored now are
   * removed at once; those that are reported again come with the next check.
   *
   * @param rows null: in any row
   * @param isIgnored whether a rule is ignored in these rows now
   */
  ignoredChanged(rows: readonly number[] | null, isIgnored: (rule: string) => boolean): void {
    this.stopped.abort();
    this.isOutdated = true;
    this.fed = rows === null ? new PageFindings(this.lines.saved.unit, this.reading().levels) : null;
    if (rows === null || !this.areKnown) return;
    const { found } = this;
    const kept = <One extends Problem>(problems: readonly One[]): readonly One[] =>
      problems.filter(({ code }) => !isIgnored(code));
    const listed = found.listed.flatMap((one) => {
      const problems = rows.includes(one.row) ? kept(one.problems) : one.problems;
      return problems.length === 0 ? [] : [{ ...one, problems }];
    });
    const related = new Map(found.related);
    for (const row of rows) {
      const problems = related.get(row);
      if (problems) related.set(row, kept(problems));
    }
    this.found = { ...found, listed, related };
    this.changed();
  }

  /** Takes rows that were checked for another purpose, so they are not checked again. */
  feed(page: CheckedPage): void {
    if (this.fed?.next === page.from) this.fed.add(page, this.lines.rowCount);
    else this.fed = null;
  }

  /** Called when all rows are known: checks them if they have changed since the last check. */
  soon(): void {
    if (this.lines.revision === this.seen && !this.isOutdated) return;
    if (this.fed?.next === this.lines.rowCount) {
      this.seen = this.lines.revision;
      this.isOutdated = false;
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
    this.isOutdated = false;
    const queue = new CheckQueue(this.lines, () => ({ reading: this.reading(), keys: false }), this.checks);
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
      ignored: new Map([...found.ignored].flatMap(([row, problems]) => moved(row, problems))),
    };
  }
}

/** Checks all rows. @returns null if the rows changed during the check */
async function checkFile(
  queue: CheckQueue,
  lines: EditorLines,
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
