import { StringDecoder } from 'node:string_decoder';
import type { Reading } from '../../pairs/reading';
import { readPair } from '../../pairs/readPair';
import type { Look } from './lookAtFile';

/** Rows that are read to find out what a file holds. */
const sniffed = 50;

/**
 * What the first rows of a JSONL file hold.
 *
 * @param whole whether `head` is the whole file; if not, its last line may be cut off
 */
export function rowsIn(head: Buffer, whole: boolean, reading: Reading): Look {
  const results = linesOf(head, whole).flatMap((line) => {
    const result = readPair(line, reading);
    return result.kind === 'blank' ? [] : [result];
  });
  const read = results.flatMap((result) => (result.kind === 'pair' || result.kind === 'judged' ? [result] : []));
  const [first] = read;
  if (first) {
    const judged = read.filter(({ kind }) => kind === 'judged').length;
    return { kind: judged * 2 > read.length ? 'judged' : 'pairs', shape: first.format.label };
  }
  const [other] = results;
  if (other && 'reason' in other) return unread(`holds no pair in its first rows. ${other.reason}`);
  return unread(
    whole ? 'is empty: add a row, or delete it.' : 'begins with a line of more than 16 MB: open it as pairs to see it.',
  );
}

function unread(reason: string): Look {
  return { kind: 'unread', reason, rows: true };
}

function linesOf(head: Buffer, whole: boolean): string[] {
  // A decoder leaves out the bytes of a character that is cut off.
  const lines = new StringDecoder('utf8')
    .write(head)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  return (whole ? lines : lines.slice(0, -1)).slice(0, sniffed);
}
