import type { LinesDocument } from '../../jsonl/node/document';
import { type Edit, rowAfter } from '../../pairs/edits';
import { FileCheck, type FileFinding } from '../../pairs/fileCheck';
import type { Problem } from '../../pairs/problem';
import type { Reading } from '../../pairs/reading';
import { readRow } from './readRow';
import { Slices } from './slices';

/** Most rows of one read; the file's own limit of bytes applies as well. */
const pageRows = 64;
/** Shortest wait between an edit and the next check of the file. */
const settleMs = 500;
/** The wait is at least this many times the last check's duration: a large file must not keep the host busy. */
const restFactor = 10;
/** Most rows of the Problems panel; a note gives the number of the others. */
const maxListed = 1000;
/** Most rows whose relation to an earlier row is kept. */
const maxRelated = 10_000;

/** The problems of one row, without those that are listed once for the whole file. */
export interface ListedRow {
  readonly row: number;
  /** Characters of its line. */
  readonly length: number;
  readonly problems: readonly Problem[];
}

interface Found {
  readonly findings: readonly FileFinding[];
  readonly listed: readonly ListedRow[];
  /** Number of rows with problems that are not listed. */
  readonly more: number;
  /** Duplicates and contradictions by row: problems that only the whole file shows. */
  readonly related: ReadonlyMap<number, readonly Problem[]>;
  /** Number of rows that have no other problems than those. */
  readonly relatedOnly: number;
}

const nothing: Found = { findings: [], listed: [], more: 0, related: new Map(), relatedOnly: 0 };

/**
 * Problems that only the whole file shows, such as duplicates. The file is checked when all of its rows are known, and
 * again some time after an edit.
 */
export class FileFindings {
  private found = nothing;
  /** The revision of the last check that was started. */
  private seen = -1;
  private tookMs = 0;
  private timer: NodeJS.Timeout | null = null;
  private stopped = new AbortController();
  private readonly stop: () => void;

  constructor(
    private readonly lines: LinesDocument,
    private readonly reading: () => Reading,
    private readonly changed: () => void,
  ) {
    this.stop = lines.onDidChange((change) => {
      if (change.kind === 'edited') this.follow(change.edit);
      if (change.kind === 'reverted') this.found = nothing;
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

  /** Problems of a row that repeats or contradicts an earlier one. */
  related(row: number): readonly Problem[] {
    const problems = this.found.related.get(row);
    return problems === undefined ? [] : problems;
  }

  /** Called when all rows are known: checks them if they have changed since the last check. */
  soon(): void {
    if (this.lines.revision === this.seen) return;
    if (this.timer) clearTimeout(this.timer);
    const wait = this.seen < 0 ? 0 : Math.max(settleMs, restFactor * this.tookMs);
    // The editor shows why a file cannot be read to its end.
    this.timer = setTimeout(() => this.look().catch(() => undefined), wait);
  }

  close(): void {
    this.stop();
    this.stopped.abort();
    if (this.timer) clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    this.stopped.abort();
    const { signal } = (this.stopped = new AbortController());
    const started = performance.now();
    const revision = (this.seen = this.lines.revision);
    const found = await checkFile(this.lines, this.reading(), () => this.lines.revision === revision, signal);
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

/** Checks all rows. @returns null if the rows changed meanwhile */
async function checkFile(
  lines: LinesDocument,
  reading: Reading,
  isCurrent: () => boolean,
  signal: AbortSignal,
): Promise<Found | null> {
  const check = new FileCheck();
  const slices = new Slices(signal);
  const listed: ListedRow[] = [];
  const related = new Map<number, readonly Problem[]>();
  let [more, relatedOnly] = [0, 0];
  for (let from = 0; from < lines.rowCount; from += pageRows) {
    for (const [i, line] of (await lines.lines(from, pageRows)).entries()) {
      await slices.breathe();
      if (!isCurrent()) return null;
      const row = from + i;
      const problems = check.line(row + 1, readRow(line, reading));
      if (problems.length === 0) continue;
      if (listed.length < maxListed) listed.push({ row, length: line.length, problems });
      else more++;
      const ofRow = problems.filter(({ code }) => code === 'duplicate' || code === 'contradiction');
      if (ofRow.length === 0 || related.size >= maxRelated) continue;
      related.set(row, ofRow);
      if (ofRow.length === problems.length) relatedOnly++;
    }
  }
  return { findings: check.finish(), listed, more, related, relatedOnly };
}
