import type { JsonObject } from '../../../pairs/json';
import type { Delimiter } from '../../containers/container';
import { cellOf, csvRecord } from '../../containers/csvCells';
import { saveFile } from '../save';
import { RowCounter, type WriteRowsOptions } from './rowCounter';
import type { RowColumn } from './rowColumns';
import { checkTableRow, columnsByName } from './tableRow';

export interface CsvOptions extends WriteRowsOptions {
  /** The comma if left out. */
  readonly delimiter?: Delimiter;
}

/** Characters that are collected before they are written. */
const bufferLength = 1 << 20;

/**
 * Writes rows as CSV in UTF-8 with LF (RFC 4180), or as TSV with the delimiter `\t`. The first record holds the names.
 *
 * A cell does not show whether it was a text, a number or null. A text is written as it is, a number or boolean as in
 * JSON, null and a missing key as an empty cell, a list or object as JSON text. Reading gives texts.
 *
 * @param columns every key of the rows, see {@link ColumnTally}
 * @returns the number of rows
 * @throws MarginError as {@link checkTableRow} and {@link saveFile}; what `rows` throws; the signal's reason
 */
export function writeCsv(
  rows: AsyncIterable<JsonObject> | Iterable<JsonObject>,
  file: string,
  columns: readonly RowColumn[],
  { delimiter = ',', ...options }: CsvOptions = {},
): Promise<number> {
  return saveFile(file, async (handle) => {
    const counter = new RowCounter(options);
    const known = columnsByName(columns);
    const names = columns.map(({ name }) => name);
    let text = headerRecord(names, delimiter);
    for await (const row of rows) {
      counter.next();
      checkTableRow(row, known, counter.rows);
      text += rowRecord(row, names, delimiter);
      if (text.length < bufferLength) continue;
      await handle.writeFile(text);
      text = '';
    }
    await handle.writeFile(text);
    return counter.rows;
  });
}

/** The first record of a CSV file, with its line end. */
export function headerRecord(names: readonly string[], delimiter: Delimiter = ','): string {
  return csvRecord(names, delimiter);
}

/** The record of a row, with its line end; see {@link writeCsv}. */
export function rowRecord(row: JsonObject, names: readonly string[], delimiter: Delimiter = ','): string {
  return csvRecord(
    names.map((name) => cellOf(row[name])),
    delimiter,
  );
}
