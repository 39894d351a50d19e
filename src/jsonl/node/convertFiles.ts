import { MarginError } from '../../base/pure/marginError';
import { convertRow } from '../../pairs/convert/convertRow';
import { ReportCount } from '../../pairs/convert/report';
import { rowText, tableRow } from '../../pairs/convert/convertedText';
import type { ConvertOptions, Target } from '../../pairs/convert/target';
import type { JsonObject } from '../../pairs/json';
import type { Reading } from '../../pairs/reading';
import { type ReadRow, readPairs } from './readPairs';
import { isSameFile } from './target';
import { writeCsv } from './writeRows/csv';
import { writeJsonLines } from './writeRows/jsonLines';
import { writeParquet } from './writeRows/parquet';
import { ColumnTally, type RowColumn } from './writeRows/rowColumns';

/** A conversion of files, one after the other. */
export interface Conversion {
  readonly files: readonly string[];
  readonly reading: Reading;
  readonly target: Target;
  readonly options: ConvertOptions;
  /** Counts what is read, written and lost. If the conversion fails, it has the counts up to that row. */
  readonly count: ReportCount;
  /** Whether a loss is an error. */
  readonly strict: boolean;
  /** The name of a file in the report. */
  nameOf(file: string): string;
  readonly signal?: AbortSignal;
  /** Called now and then with the number of rows read. */
  readonly onProgress?: (rows: number) => void;
}

const progressRows = 500;

/** A new row, and the row that it comes from. */
interface Converted {
  readonly row: JsonObject;
  readonly from: ReadRow;
}

/** Converts the rows of files, in order. Only the rows in flight are in memory. */
async function* convertedRows(conversion: Conversion): AsyncGenerator<Converted> {
  const { files, reading, target, options, count, signal } = conversion;
  let seen = 0;
  for (const file of files) {
    const name = conversion.nameOf(file);
    for await (const from of readPairs(file, { reading, ...(signal && { signal }) })) {
      const written = convertRow(from.result, target, options);
      count.add(`${name}:${from.line}`, from.result, written);
      for (const row of written.rows) yield { row, from };
      if (++seen % progressRows === 0) conversion.onProgress?.(seen);
    }
  }
}

/**
 * The converted rows as lines of JSON.
 *
 * @throws MarginError `nothing-converted`, or `not-carried` if strict, at the end; those of {@link readPairs}; the
 *   signal's reason if aborted
 */
export async function* convertedLines(conversion: Conversion): AsyncGenerator<string> {
  for await (const { row, from } of convertedRows(conversion)) yield rowText(row, from.text, from.value);
  refuseLosses(conversion);
}

/**
 * The converted rows for a table, whose cells are texts or have types.
 *
 * @throws MarginError as {@link convertedLines}
 */
export async function* convertedTable(conversion: Conversion, cells: 'texts' | 'typed'): AsyncGenerator<JsonObject> {
  for await (const { row, from } of convertedRows(conversion))
    yield tableRow(row, from.text, from.value, cells === 'texts');
  refuseLosses(conversion);
}

/**
 * The columns that a table of the converted rows has. Reads all rows once.
 *
 * @throws MarginError those of {@link readPairs}; the signal's reason if aborted
 */
export async function columnsOf(conversion: Conversion, cells: 'texts' | 'typed'): Promise<RowColumn[]> {
  const tally = new ColumnTally();
  for await (const { row, from } of convertedRows({ ...conversion, count: new ReportCount() }))
    tally.add(tableRow(row, from.text, from.value, cells === 'texts'));
  return tally.columns();
}

/**
 * Converts files into a new file, whose kind the target decides. It appears complete, or not at all.
 *
 * @returns sentences about how the file holds the rows
 * @throws MarginError `is-input`, those of {@link convertedLines}, and file errors
 */
export async function convertToFile(conversion: Conversion, out: string): Promise<readonly string[]> {
  await refuseInput(conversion.files, out);
  const { signal, target } = conversion;
  const options = signal ? { signal } : {};
  switch (target.file) {
    case 'jsonl':
      await writeJsonLines(convertedLines(conversion), out, options);
      return [];
    case 'csv': {
      const columns = await columnsOf(conversion, 'texts');
      await writeCsv(convertedTable(conversion, 'texts'), out, columns, options);
      return [];
    }
    case 'parquet': {
      const columns = await columnsOf(conversion, 'typed');
      await writeParquet(convertedTable(conversion, 'typed'), out, columns, options);
      return columns.filter(isMixed).map(mixedSentence);
    }
  }
}

/** Whether a side of the pairs has more kinds of values than a column of Parquet holds. */
function isMixed({ name, type }: RowColumn): boolean {
  return type === 'json' && ['prompt', 'chosen', 'rejected'].includes(name);
}

function mixedSentence({ name }: RowColumn): string {
  return `The column "${name}" holds JSON text: not all its rows are texts, or lists of messages with only role and content.`;
}

/** @throws MarginError `nothing-converted`; `not-carried` if strict and anything was lost */
function refuseLosses({ count, strict }: Conversion): void {
  const { read, written, losses } = count.report;
  if (strict && losses.length > 0) {
    const message = 'Not everything is carried, and a strict conversion allows no loss: no file was written.';
    throw new MarginError('not-carried', message);
  }
  if (written === 0)
    throw new MarginError('nothing-converted', `None of the ${read} rows can be converted: no file was written.`);
}

/** @throws MarginError `is-input` if a conversion would write over what it reads */
async function refuseInput(files: readonly string[], out: string): Promise<void> {
  for (const file of files) {
    if (await isSameFile(file, out))
      throw new MarginError('is-input', `${out} is the file to convert. Name another file to write.`, { file: out });
  }
}
