import { StringDecoder } from 'node:string_decoder';
import { errorMessage } from '../../base/pure/marginError';
import { ElementSplitter } from '../../jsonl/elementSplitter';
import type { RowText } from '../../jsonl/containers/rowText';
import type { RowLayout } from '../../jsonl/rowIndex';
import type { Reading } from '../../pairs/reading';
import { type PairResult, readPair } from '../../pairs/readPair';
import type { Look } from './lookAtFile';

/** The number of rows that show what a file holds. */
export const sniffed = 50;
const chunkBytes = 1 << 14;

interface Head {
  /** Whether it is the whole file; if not, its last row may be cut off. */
  readonly whole: boolean;
  readonly layout: RowLayout;
  readonly reading: Reading;
}

/** What the first rows of a file hold. @param head the first bytes of the file */
export function rowsIn(head: Buffer, { whole, layout, reading }: Head): Look {
  const elements = layout === 'lines' ? null : elementsIn(head, whole);
  const found = shapeOf(elements?.texts ?? linesOf(head, whole), reading);
  if (found) return found;
  if (elements?.mistake) return unread(`cannot be read: ${elements.mistake}`);
  return unread(
    whole ? 'is empty: add a row, or delete it.' : 'begins with a row of more than 16 MB: open it as pairs to see it.',
  );
}

/** What the first rows of another container hold. @param editable whether the editor can show them */
export function lookAtRows(rows: readonly RowText[], editable: boolean, reading: Reading): Look {
  const [first] = rows;
  const texts = rows.filter(({ problem }) => !problem).map(({ text }) => text);
  const found = shapeOf(texts, reading) ?? unread(first?.problem?.message ?? 'holds no rows.');
  return found.kind === 'unread' ? { ...found, rows: editable } : found;
}

/** Null if there are no rows. */
function shapeOf(texts: readonly string[], reading: Reading): Look | null {
  const results = texts.flatMap((text) => {
    const result = readPair(text, reading);
    return result.kind === 'blank' ? [] : [result];
  });
  const read = results.flatMap((result) => ('format' in result ? [result] : []));
  const [first] = read;
  if (first) {
    const isMost = (kind: PairResult['kind']): boolean =>
      read.filter((row) => row.kind === kind).length * 2 > read.length;
    return { kind: isMost('judged') ? 'judged' : isMost('list') ? 'lists' : 'pairs', shape: first.format.label };
  }
  const [other] = results;
  return other && 'reason' in other ? unread(`holds no pair in its first rows. ${other.reason}`) : null;
}

/** The first elements of an array, or objects, up to a mistake between them. */
export function elementsIn(
  head: Buffer,
  whole: boolean,
): { readonly texts: string[]; readonly mistake: string | null } {
  const texts: string[] = [];
  const splitter = new ElementSplitter('It');
  try {
    for (let start = 0; start < head.length && texts.length < sniffed; start += chunkBytes)
      texts.push(...splitter.push(head.subarray(start, start + chunkBytes)).map(({ text }) => text));
    if (whole && texts.length < sniffed) splitter.end();
  } catch (error) {
    return { texts, mistake: errorMessage(error) };
  }
  return { texts: texts.slice(0, sniffed), mistake: null };
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
