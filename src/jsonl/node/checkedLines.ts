import type { Reading } from '../../pairs/reading';
import { type ReportBatch, ReportPacker } from '../../pairs/reportBatch';
import type { RowReport } from '../../pairs/rowReport';
import { ByteChecks } from './byteChecks';

const [lf, cr] = [0x0a, 0x0d] as const;

/** Checks lines of a file. */
export class CheckedLines {
  private readonly checks = new ByteChecks();

  /**
   * The reports of whole lines.
   *
   * @param bytes lines as they are in a file; the last one may lack its line end
   * @param reportOf reads and checks a row that has to be parsed
   */
  check(bytes: Uint8Array, reading: Reading, reportOf: (text: string) => RowReport): ReportBatch {
    const { checks } = this;
    const ends = lineEnds(bytes);
    const packer = new ReportPacker(ends.length);
    // A row is known by its content only when it is parsed.
    const ofFile = reading.ignored?.ofFile === true;
    checks.use(bytes, reading);
    let start = 0;
    for (const end of ends) {
      const stop = end > start && end < bytes.length && bytes[end - 1] === cr ? end - 1 : end;
      if (!ofFile && checks.isClean(start, stop)) packer.addClean(checks.label, checks.hashes);
      else packer.add(reportOf(checks.text(start, stop)));
      start = end + 1;
    }
    return packer.batch();
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
