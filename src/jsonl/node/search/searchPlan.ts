import type { RowRun } from '../../../pairs/pieceTable';
import { blockBytes } from '../../blockSums';
import type { RowIndex } from '../../rowIndex';
import type { RowSpans } from './matchRows';

/** Neighbouring rows of a page: those of an edit with their text, those of the file with their place. */
export type SearchPart =
  | { readonly kind: 'text'; readonly row: number; readonly text: string }
  | {
      readonly kind: 'bytes';
      /** Index of the first row in the page. */
      readonly row: number;
      readonly spans: RowSpans;
      /** The bytes to read: whole blocks that contain the rows. */
      readonly start: number;
      readonly end: number;
      /** The checksums of the blocks. */
      readonly sums: Uint32Array<ArrayBuffer>;
    };

/** Bytes that are read and searched at a time; the next cache of a processor holds them. */
const partBytes = 1 << 20;

/**
 * How to search the first rows of a page, and how many these are: at least one, and as many as fit into `most` bytes.
 * The last of them may be longer.
 */
export function searchPlan(
  index: RowIndex,
  page: readonly RowRun[],
  most: number,
): { readonly count: number; readonly parts: readonly SearchPart[] } {
  const parts: SearchPart[] = [];
  let [count, bytes] = [0, 0];
  for (const run of page) {
    if (run.kind === 'text') {
      if (bytes >= most) break;
      parts.push({ kind: 'text', row: count++, text: run.line });
      bytes += run.line.length;
      continue;
    }
    const end = run.start + run.count;
    for (let from = run.start; from < end;) {
      const room = Math.min(partBytes, most - bytes);
      const fitting = index.rowAt(index.start(from) + room);
      if (fitting <= from && count > 0 && room < partBytes) return { count, parts };
      const to = Math.min(end, Math.max(from + 1, fitting));
      parts.push(bytesOf(index, count, from, to));
      bytes += index.start(to) - index.start(from);
      count += to - from;
      from = to;
    }
  }
  return { count, parts };
}

function bytesOf(index: RowIndex, row: number, from: number, to: number): SearchPart {
  const starts = new Float64Array(to - from);
  const lengths = new Uint32Array(to - from);
  for (let i = 0; i < starts.length; i++) {
    starts[i] = index.start(from + i);
    lengths[i] = index.length(from + i);
  }
  const start = Math.floor(index.start(from) / blockBytes) * blockBytes;
  const end = Math.min(Math.ceil(index.start(to) / blockBytes) * blockBytes, index.bytes);
  return { kind: 'bytes', row, spans: { starts, lengths }, start, end, sums: index.sums.of(start, end) };
}
