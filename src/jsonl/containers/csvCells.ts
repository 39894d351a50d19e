import type { Delimiter } from './container';

const quote = '"';

/**
 * The cells of a record of CSV (RFC 4180), without its line end. A quote inside a cell that does not begin with one is
 * part of the cell, as Python reads it. The index has found the record already, so this is all that is left of a
 * reader, in Node and in the browser alike. Tests compare it with csv-parse.
 *
 * @returns the number of the first cell, from 1, that continues after its closing quote, if there is one
 */
export function cellsIn(record: string, delimiter: Delimiter): string[] | number {
  const cells: string[] = [];
  for (let start = 0; ;) {
    const [text, stop] = record[start] === quote ? quotedCell(record, start + 1) : plainCell(record, start, delimiter);
    cells.push(text);
    if (stop >= record.length) return cells;
    if (record[stop] !== delimiter) return cells.length;
    start = stop + 1;
  }
}

/** A record with its line end LF. A cell has quotes if it needs them, or if `quoted` is true. */
export function csvRecord(cells: readonly string[], delimiter: Delimiter, quoted = false): string {
  // A record of one empty cell would be a blank line, which is not a record.
  const all = quoted || (cells.length === 1 && cells[0] === '');
  const needs = (cell: string): boolean => all || cell.includes(delimiter) || /["\r\n]/.test(cell);
  const written = cells.map((cell) => (needs(cell) ? quote + cell.replaceAll(quote, '""') + quote : cell));
  return `${written.join(delimiter)}\n`;
}

/** The cell of a value. A text is the cell itself, null is empty, and another value is written as JSON. */
export function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function plainCell(record: string, start: number, delimiter: Delimiter): [text: string, stop: number] {
  const found = record.indexOf(delimiter, start);
  const stop = found < 0 ? record.length : found;
  return [record.slice(start, stop), stop];
}

/** @param start after the opening quote @returns where the cell stops: after its closing quote */
function quotedCell(record: string, start: number): [text: string, stop: number] {
  let text = '';
  for (let from = start; ;) {
    const found = record.indexOf(quote, from);
    const end = found < 0 ? record.length : found;
    text += record.slice(from, end);
    if (record[end + 1] !== quote) return [text, end + 1];
    text += quote;
    from = end + 2;
  }
}
