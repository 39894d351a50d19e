import type { LinesDocument } from '../../jsonl/document';
import { type Edit, rowAfter } from '../../pairs/edits';
import { FileCheck, type FileFinding } from '../../pairs/fileCheck';
import type { Problem } from '../../pairs/problem';
import { readRow } from './readRow';
import { Slices } from './slices';

/** Rows read at once; the file's own limit of bytes holds as well. */
const pageRows = 64;
/** Edits settle before the file is gone over again … */
const settleMs = 500;
/** … for so many times as long as that took the last time: a large file must not keep the host busy for good. */
const restFactor = 10;
/** The Problems panel is for reading; beyond this a note says how many more rows there are. */
const maxListed = 1000;
/** Rows whose relation to an earlier one is remembered. */
const maxRelated = 10_000;

/** Problems of one row that are not said once for the file. */
export interface ListedRow {
  readonly row: number;
  /** Characters of its line. */
  readonly length: number;
  readonly problems: readonly Problem[];
}

interface Found {
  readonly findings: readonly FileFinding[];
  readonly listed: readonly ListedRow[];
  /** Rows with problems that are not listed any more. */
  readonly more: number;
  /** Duplicates and contradictions, by row: what only the whole file shows of a row. */
  readonly related: ReadonlyMap<number, readonly Problem[]>;
  /** Rows that have no other problems than those. */
  readonly relatedOnly: number;
}

const nothing: Found = { findings: [], listed: [], more: 0, related: new Map(), relatedOnly: 0 };

/** What only the whole file shows. It is gone over when all of it is known, and again when edits have settled. */
export class FileFindings {
  private found = nothing;
  /** The revision that was looked at, or is being looked at. */
  private seen = -1;
  private tookMs = 0;
  private timer: NodeJS.Timeout | null = null;
  private stopped = new AbortController();
  private readonly stop: () => void;

  constructor(
    private readonly lines: LinesDocument,
    private readonly changed: () => void,
  ) {
    this.stop = lines.onDidChange((change) => {
      if (change.kind === 'edited') this.follow(change.edit);
      if (change.kind === 'reverted') this.found = nothing;
    });
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

  /** Rows that have no problem but that they repeat or contradict an earlier one. */
  get relatedOnly(): number {
    return this.found.relatedOnly;
  }

  /** Whether the row repeats or contradicts an earlier one. */
  related(row: number): readonly Problem[] {
    return this.found.related.get(row) ?? [];
  }

  /** All rows are known: goes over them if they have changed since the last time. */
  soon(): void {
    if (this.lines.revision === this.seen) return;
    if (this.timer) clearTimeout(this.timer);
    const wait = this.seen < 0 ? 0 : Math.max(settleMs, restFactor * this.tookMs);
    // A file that cannot be read to its end says so in the editor.
    this.timer = setTimeout(() => void this.look().catch(() => undefined), wait);
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
    const found = await goOver(this.lines, () => this.lines.revision === revision, signal);
    if (!found) return void (this.seen = revision - 1);
    this.found = found;
    this.tookMs = performance.now() - started;
    this.changed();
  }

  /** What is known moves with its rows until the file is gone over again. */
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

/** null where the rows changed meanwhile. */
async function goOver(lines: LinesDocument, isCurrent: () => boolean, signal: AbortSignal): Promise<Found | null> {
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
      const problems = check.line(row + 1, readRow(line));
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
