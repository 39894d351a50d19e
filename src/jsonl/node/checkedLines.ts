import { isUtf8 } from 'node:buffer';
import { QuickCheck } from '../../pairs/quick/quickCheck';
import type { Reading } from '../../pairs/reading';
import { type ReportBatch, ReportPacker } from '../../pairs/reportBatch';
import type { RowReport } from '../../pairs/rowReport';
import { lineText } from '../lineText';

const [lf, cr] = [0x0a, 0x0d] as const;
/** After so many rows that must be parsed, most rows are parsed without a look at their bytes. */
const fewestMisses = 64;
/** Then one of so many rows is looked at. */
const probe = 16;

/** Checks lines of a file. It keeps what it has learnt about the keys of rows. */
export class CheckedLines {
  private readonly quick = new QuickCheck(
    (bytes, from, to) => JSON.parse(bufferOf(bytes).toString('utf8', from, to + 1)) as string,
  );
  /** Rows that were parsed since the last one that needed no parsing. */
  private misses = 0;

  /**
   * The reports of whole lines.
   *
   * @param bytes lines as they are in a file; the last one may lack its line end
   * @param reportOf reads and checks a row that has to be parsed
   */
  check(bytes: Uint8Array, reading: Reading, reportOf: (text: string) => RowReport): ReportBatch {
    const ends = lineEnds(bytes);
    const packer = new ReportPacker(ends.length);
    const buffer = bufferOf(bytes);
    const isText = isUtf8(bytes);
    const isQuick = isText && reading.format === null && reading.columns === null;
    let start = 0;
    for (const end of ends) {
      const stop = end > start && end < bytes.length && bytes[end - 1] === cr ? end - 1 : end;
      if (isQuick && this.isWorthwhile() && this.quick.check(bytes, start, stop)) {
        packer.addClean(this.quick.label, this.quick.hashes);
        this.misses = 0;
      } else {
        this.misses++;
        packer.add(reportOf(isText ? buffer.toString('utf8', start, stop) : lineText(bytes.subarray(start, stop))));
      }
      start = end + 1;
    }
    return packer.batch();
  }

  private isWorthwhile(): boolean {
    return this.misses < fewestMisses || this.misses % probe === 0;
  }
}

/** The offset of the line end of each line, or of the end of the bytes. */
function lineEnds(bytes: Uint8Array): number[] {
  const ends: number[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(lf, start);
    ends.push(end < 0 ? bytes.length : end);
    start = end < 0 ? bytes.length : end + 1;
  }
  return ends;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
