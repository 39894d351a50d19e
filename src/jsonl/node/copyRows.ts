import { openRegular } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import type { RowRun } from '../../pairs/pieceTable';
import { headBytes, readOnlyKind } from '../fileKind';
import { styleOf } from '../fileStyle';
import { LineFile } from './lineFile';
import { readInto } from './readBytes';
import { readRows } from './readRows';
import { saveLines } from './save';
import { isSameFile } from './target';
import { writeJsonLines } from './writeRows/jsonLines';

export interface CopyOptions {
  /** The number of rows in the file. */
  readonly rows: number;
  /** Files that must not be written over. */
  readonly inputs: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Copies some rows of a file to a new file, which appears complete or not at all. The rows keep their bytes, their
 * order and the text around them, such as the header of CSV. The rows of files that are read and not written (Parquet,
 * packed files, UTF-16) become JSON Lines.
 *
 * @param stays says whether a row, from 0, is copied
 * @throws MarginError `is-input`, `changed-on-disk` if the file has other rows by now, and file errors
 */
export async function copyRows(
  file: string,
  out: string,
  stays: (row: number) => boolean,
  { rows, inputs, signal }: CopyOptions,
): Promise<void> {
  for (const input of inputs) {
    if (!(await isSameFile(input, out))) continue;
    throw new MarginError('is-input', `${out} is a file to read. Name another file to write.`, { file: out });
  }
  const options = signal ? { signal } : {};
  const lines = await openLines(file);
  if (lines === null) {
    await writeJsonLines(textsOf(file, stays, rows, signal), out, options);
    return;
  }
  try {
    await lines.readIndex(options);
    if (lines.index.count !== rows) throw changed(file);
    await saveLines({ base: lines, style: styleOf(lines.index), runs: runsOf(rows, stays) }, out, options);
  } finally {
    await lines.close();
  }
}

/** @returns null for a file that is read and not written */
async function openLines(file: string): Promise<LineFile | null> {
  const handle = await openRegular(file);
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(size, headBytes));
    const head = buffer.subarray(0, await readInto(handle, buffer, 0));
    return readOnlyKind(head, size <= headBytes, file) ? null : await LineFile.open(file);
  } finally {
    await handle.close();
  }
}

function* runsOf(rows: number, stays: (row: number) => boolean): Generator<RowRun> {
  for (let start = 0; start < rows;) {
    let end = start;
    while (end < rows && stays(end)) end++;
    if (end > start) yield { kind: 'base', start, count: end - start };
    start = end + 1;
  }
}

async function* textsOf(
  file: string,
  stays: (row: number) => boolean,
  rows: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  let row = 0;
  for await (const part of readRows(file, signal)) {
    // A line end in JSON is white space between its values.
    for (const { text } of part) if (stays(row++)) yield text.replaceAll(/\s*[\r\n]\s*/g, ' ').trim();
  }
  if (row !== rows) throw changed(file);
}

function changed(file: string): MarginError {
  const message = `${file} was changed by another program while it was read. Start again.`;
  return new MarginError('changed-on-disk', message, { file });
}
