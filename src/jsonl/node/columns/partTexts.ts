import { at } from '../../../base/pure/must';
import { lineText } from '../../lineText';
import type { CsvRecords } from '../../containers/csvRecords';
import type { SearchPart } from '../search/searchPlan';

/** The rows of a part. */
export function textsIn(
  { spans, start }: Extract<SearchPart, { kind: 'bytes' }>,
  bytes: Uint8Array,
  records: CsvRecords | null,
): string[] {
  const { starts, lengths } = spans;
  const own = Array.from(starts, (from, i) => bytes.subarray(from - start, from - start + at(lengths, i)));
  return records ? records.texts(own) : own.map((row) => lineText(row));
}
