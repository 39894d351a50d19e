import { placeIn } from '../pairs/placeIn';
import { ReportPacker } from '../pairs/reportBatch';
import { reportOf } from '../pairs/rowReport';
import { readRow } from '../pairs/readRow';
import type { PairResult } from '../pairs/readPair';
import type { RowIdentity } from '../pairs/rowRewards';
import type { IgnoredRule, IgnoredRules } from '../pairs/marks/ignore';
import type { CheckedRows, RowsAsked } from './checkedRows';

/** What is looked up by the hash of a row's content. */
export interface ByContent {
  /** The keys of a row; null if it has nothing to score. */
  readonly identityOf: (result: PairResult) => RowIdentity | null;
  /** The rules that are ignored in a row. */
  readonly ignoredIn: (result: PairResult, ignored: IgnoredRules | null) => readonly IgnoredRule[];
}

/** Checks rows one after the other, and collects what it finds. */
export class RowReports {
  private readonly packer: ReportPacker;
  private readonly lengths: Uint32Array<ArrayBuffer>;
  private readonly own: Float64Array<ArrayBuffer>;
  private readonly exchanged: Float64Array<ArrayBuffer>;
  private readonly lists: [row: number, keys: readonly number[]][] = [];
  private readonly places: [row: number, line: number, column: number][] = [];
  /** Whether to also look up the rules that are ignored in rows without a problem of their own. */
  private readonly isOfFile: boolean;
  private shape = '';
  private count = 0;

  /** @param rows how many there are */
  constructor(
    rows: number,
    private readonly asked: RowsAsked,
    private readonly content: ByContent,
  ) {
    this.packer = new ReportPacker(rows);
    this.isOfFile = asked.reading.ignored?.ofFile === true;
    this.lengths = new Uint32Array(rows);
    this.own = new Float64Array(asked.keys ? rows : 0).fill(-1);
    this.exchanged = new Float64Array(asked.keys ? rows : 0).fill(-1);
  }

  /** What was found. Call this after the last row. */
  get rows(): CheckedRows {
    const { lengths, places, own, exchanged, lists, shape } = this;
    const keys = this.asked.keys ? { own, exchanged, lists } : null;
    return { reports: this.packer.batch(), lengths, places, keys, shape };
  }

  /** Whether the next row must be parsed: its keys, and the shape of the first row, do not show otherwise. */
  get mustParse(): boolean {
    return this.asked.keys || this.isOfFile || this.shape === '';
  }

  /** Checks the next row. */
  text(text: string): void {
    const row = this.count++;
    const end = text.indexOf('\n');
    this.lengths[row] = end < 0 ? text.length : end;
    const result = readRow(text, this.asked.reading);
    if (this.shape === '') this.shape = labelOf(result);
    const { levels, ignored } = this.asked.reading;
    const report = reportOf(result, levels, (one) => this.content.ignoredIn(one, ignored), this.isOfFile);
    this.packer.add(report);
    const column = report.problems.find((problem) => problem.column !== null)?.column ?? null;
    if (column !== null) {
      const place = placeIn(text, column);
      this.places.push([row, place.line, place.column]);
    }
    if (this.asked.keys) this.identify(row, result);
  }

  /** Takes the next row, which is known to have no problem. @param length UTF-16 units of its first line */
  clean(length: number, label: boolean | null, hashes: Uint32Array): void {
    this.lengths[this.count++] = length;
    this.packer.addClean(label, hashes);
  }

  private identify(row: number, result: PairResult): void {
    const identity = this.content.identityOf(result);
    if (identity === null) return;
    if ('keys' in identity) {
      this.lists.push([row, identity.keys]);
      return;
    }
    this.own[row] = identity.key;
    this.exchanged[row] = identity.exchanged;
  }
}

function labelOf(result: PairResult): string {
  return 'format' in result ? result.format.label : '';
}
