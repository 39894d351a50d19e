import { isAscii } from 'node:buffer';
import { at } from '../../../base/pure/must';
import type { ByteChecks } from '../../../jsonl/node/byteChecks';
import type { SearchPart } from '../../../jsonl/node/search/searchPlan';
import { ignoredIn } from '../../../jsonl/node/marks/ignoredIn';
import { placeIn } from '../../../pairs/placeIn';
import { ReportPacker } from '../../../pairs/reportBatch';
import { reportOf } from '../../../pairs/rowReport';
import { readRow } from '../../../pairs/readRow';
import type { PairResult } from '../../../pairs/readPair';
import type { CheckedRows, RowsAsked } from '../../../editor/checkedRows';
import { identityOf } from '../../../jsonl/node/rowIdentity';

const lf = 0x0a;

/** Checks rows one after the other, and collects what it finds. */
export class CheckedPart {
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

  /**
   * @param rows how many there are
   * @param isOfLines whether each row has one line
   */
  constructor(
    rows: number,
    private readonly isOfLines: boolean,
    private readonly asked: RowsAsked,
    private readonly checks: ByteChecks,
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

  /** Checks the next row. */
  text(text: string): void {
    const row = this.count++;
    const end = text.indexOf('\n');
    this.lengths[row] = end < 0 ? text.length : end;
    const result = readRow(text, this.asked.reading);
    if (this.shape === '') this.shape = labelOf(result);
    const { levels, ignored } = this.asked.reading;
    const report = reportOf(result, levels, (row) => ignoredIn(row, ignored), this.isOfFile);
    this.packer.add(report);
    const column = report.problems.find((problem) => problem.column !== null)?.column ?? null;
    if (column !== null) {
      const place = placeIn(text, column);
      this.places.push([row, place.line, place.column]);
    }
    if (this.asked.keys) this.identify(row, result);
  }

  /** Checks the next rows. */
  bytes({ spans, start }: Extract<SearchPart, { kind: 'bytes' }>, bytes: Uint8Array): void {
    const { checks, asked } = this;
    checks.use(bytes, asked.reading);
    // Most parts are ASCII, and their rows have one line.
    const isSingle = this.isOfLines && isAscii(bytes);
    for (let i = 0; i < spans.starts.length; i++) {
      const from = at(spans.starts, i) - start;
      const to = from + at(spans.lengths, i);
      // The keys of a row, and the shape of the first one, show only when it is parsed.
      if (!asked.keys && !this.isOfFile && this.shape !== '' && checks.isClean(from, to))
        this.clean(unitsOf(bytes, from, to, isSingle));
      else this.text(checks.text(from, to));
    }
  }

  private clean(length: number): void {
    this.lengths[this.count++] = length;
    this.packer.addClean(this.checks.label, this.checks.hashes);
  }

  private identify(row: number, result: PairResult): void {
    const identity = identityOf(result);
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

/** UTF-16 units of the first line of a valid text. */
function unitsOf(bytes: Uint8Array, from: number, to: number, isSingle: boolean): number {
  if (isSingle) return to - from;
  let units = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if (byte === undefined || byte === lf) break;
    if (byte < 0x80 || byte >= 0xc0) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
