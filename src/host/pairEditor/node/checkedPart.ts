import { isAscii } from 'node:buffer';
import { at } from '../../../base/pure/must';
import type { ByteChecks } from '../../../jsonl/node/byteChecks';
import { ignoredIn } from '../../../jsonl/node/marks/ignoredIn';
import { identityOf } from '../../../jsonl/node/rowIdentity';
import type { SearchPart } from '../../../jsonl/node/search/searchPlan';
import type { CheckedRows, RowsAsked } from '../../../editor/checkedRows';
import { RowReports } from '../../../editor/rowReports';

const lf = 0x0a;

/** Checks rows one after the other, and collects what it finds. Most are checked in their bytes, without a parse. */
export class CheckedPart {
  private readonly reports: RowReports;

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
    this.reports = new RowReports(rows, asked, { identityOf, ignoredIn });
  }

  /** What was found. Call this after the last row. */
  get rows(): CheckedRows {
    return this.reports.rows;
  }

  /** Checks the next row. */
  text(text: string): void {
    this.reports.text(text);
  }

  /** Checks the next rows. */
  bytes({ spans, start }: Extract<SearchPart, { kind: 'bytes' }>, bytes: Uint8Array): void {
    const { checks, reports } = this;
    checks.use(bytes, this.asked.reading);
    // Most parts are ASCII, and their rows have one line.
    const isSingle = this.isOfLines && isAscii(bytes);
    for (let i = 0; i < spans.starts.length; i++) {
      const from = at(spans.starts, i) - start;
      const to = from + at(spans.lengths, i);
      if (!reports.mustParse && checks.isClean(from, to))
        reports.clean(unitsOf(bytes, from, to, isSingle), checks.label, checks.hashes);
      else reports.text(checks.text(from, to));
    }
  }
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
