import type * as CsvStringify from 'csv-stringify/sync';
import type { JsonObject } from '../../../pairs/json';
import type { Delimiter } from '../../containers/container';
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
    let text = csvRecord(names, delimiter);
    for await (const row of rows) {
      counter.next();
      checkTableRow(row, known, counter.rows);
      text += csvRecord(
        names.map((name) => cellOf(row[name])),
        delimiter,
      );
      if (text.length < bufferLength) continue;
      await handle.writeFile(text);
      text = '';
    }
    await handle.writeFile(text);
    return counter.rows;
  });
}

/** A record with its line end LF. A cell has quotes if it needs them, or if `quoted` is true. */
export function csvRecord(cells: readonly string[], delimiter: Delimiter, quoted = false): string {
  // Loaded at the first call: most files are not CSV. Node keeps what it loaded.
  const { stringify } = require('csv-stringify/sync') as typeof CsvStringify;
  // A record of one empty cell would be a blank line, which is not a record.
  return stringify([[...cells]], { delimiter, quoted, quoted_empty: quoted || cells.length === 1 });
}

/** The cell of a value, see {@link writeCsv}. */
export function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
